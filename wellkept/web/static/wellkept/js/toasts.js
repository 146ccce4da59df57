// Toasts: one line, eight seconds (longer while hovered or focused), at most three; Undo is a form, "z" presses it.
(() => {
  "use strict";
  const wk = window.wellkept, box = document.getElementById("toasts");
  if (!box) return;
  // "z" takes back what was done last.
  const arrange = () => [...box.querySelectorAll("form[data-undo] button")].forEach((button, at, all) => { if (at === all.length - 1) button.dataset.key = "z"; else delete button.dataset.key; });
  const leave = (el) => { el?.remove(); arrange(); };
  const arm = (el) => {
    let left = (Number(el.dataset.seconds) || 8) * 1000, timer = 0, since = 0;
    const go = () => { since = performance.now(); timer = setTimeout(() => leave(el), left); };
    const hold = () => { clearTimeout(timer); left = Math.max(1500, left - (performance.now() - since)); };
    el.addEventListener("pointerenter", hold); el.addEventListener("pointerleave", go);
    el.addEventListener("focusin", hold); el.addEventListener("focusout", go);
    while (box.children.length > 3) box.firstElementChild.remove();
    go();
  };
  const show = ({ text, undo, seconds, state, href, link }) => {
    const el = document.createElement("div"), line = document.createElement("span");
    el.className = "toast"; line.textContent = text;
    if (state) el.dataset.state = state;
    if (seconds) el.dataset.seconds = seconds;
    el.append(line);
    if (undo) {
      const form = document.createElement("form"), button = document.createElement("button");
      form.method = "post"; form.action = undo; form.dataset.undo = "1";
      button.textContent = document.body.dataset.wordUndo;
      form.append(button); el.append(form);
    } else if (href) {
      const a = document.createElement("a");
      a.href = href; a.textContent = link || href; el.append(a);
    }
    box.append(el); arm(el); arrange();
  };
  document.addEventListener("toast", (e) => show(e.detail));
  document.addEventListener("submit", async (e) => {
    const form = e.target.closest("form[data-undo]");
    if (!form) return;
    e.preventDefault();
    const toast = form.closest(".toast");
    leave(toast);
    const answer = await wk.send(form.action, { method: "POST", form: new FormData(form) });
    const to = answer.headers.get("HX-Redirect") || answer.headers.get("HX-Location");
    if (to) location.href = to;
    else if (answer.headers.get("HX-Refresh") === "true" || answer.redirected) location.reload();
  });
  [...box.children].forEach(arm);
})();

// Fields that answer while one writes.
//   data-when="/when?client=4"     a time in words ("fri 15:00", "+3h"); the server's echo lands in aria-describedby
//   data-sets="#id" data-value=""  a chip that writes into a field
//   <form data-draft="/drafts/…">  kept on the server one second after the last key, and when the page is left
//   data-shows="#id"               a button that shows or hides a part of the page
(() => {
  "use strict";
  const wk = window.wellkept, timers = new WeakMap();
  const later = (el, ms, run) => { clearTimeout(timers.get(el)); timers.set(el, setTimeout(run, ms)); };

  const echo = async (input) => {
    const hint = document.getElementById((input.getAttribute("aria-describedby") || "").split(" ")[0]);
    const text = input.value.trim(), mine = input.dataset.asked = String(Math.random());
    if (!hint) return;
    hint.dataset.plain ??= hint.innerHTML;
    if (!text) { hint.innerHTML = hint.dataset.plain; hint.className = "hint"; input.removeAttribute("aria-invalid"); delete input.dataset.at; changed(input); return; }
    const join = input.dataset.when.includes("?") ? "&" : "?";
    const answer = await wk.send(`${input.dataset.when}${join}text=${encodeURIComponent(text)}`);
    if (mine !== input.dataset.asked || !(answer.ok || answer.status === 422)) return;
    const { said, at, day } = await answer.json();
    hint.textContent = said;
    hint.className = answer.ok ? "hint echo" : "bad";
    if (answer.ok) { input.removeAttribute("aria-invalid"); input.dataset.at = at; if (day) input.dataset.day = day; }
    else { input.setAttribute("aria-invalid", "true"); delete input.dataset.at; }
    changed(input);
  };
  const changed = (input) => input.dispatchEvent(new CustomEvent("when", { bubbles: true, detail: { at: input.dataset.at || "" } }));

  const save = async (form, keepalive) => {
    if (form.dataset.saved === form.dataset.typed) return;
    const typed = form.dataset.typed, state = form.querySelector("[data-draft-state]");
    try {
      const answer = await wk.send(form.dataset.draft, { method: "POST", form: new FormData(form), keepalive });
      if (answer.ok) form.dataset.saved = typed;
      if (state) state.textContent = answer.ok ? await answer.text() : document.body.dataset.wordUnsaved;
    } catch { if (state) state.textContent = document.body.dataset.wordUnsaved; }
  };
  document.addEventListener("input", (e) => {
    const input = e.target;
    if (input.matches("[data-when]")) later(input, 250, () => echo(input));
    const form = input.closest("form[data-draft]");
    if (form) { form.dataset.typed = String(performance.now()); later(form, 1000, () => save(form, false)); }
  });
  document.addEventListener("click", (e) => {
    const chip = e.target.closest("[data-sets]"), shows = e.target.closest("[data-shows]");
    if (chip) {
      const input = document.querySelector(chip.dataset.sets);
      input.value = chip.dataset.value;
      for (const other of document.querySelectorAll(`[data-sets="${chip.dataset.sets}"]`)) other.setAttribute("aria-pressed", String(other === chip));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (shows) {
      const part = document.querySelector(shows.dataset.shows);
      part.hidden = !part.hidden;
      shows.setAttribute("aria-expanded", String(!part.hidden));
      if (!part.hidden) part.querySelector("input,textarea,select,button")?.focus();
    }
  });
  const leaving = () => document.querySelectorAll("form[data-draft]").forEach((form) => form.dataset.typed && save(form, true));
  addEventListener("pagehide", leaving);
  document.addEventListener("visibilitychange", () => document.hidden && leaving());
})();

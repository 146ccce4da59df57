// Several rows at once. `x`, the box of a row, or "Select several" selects; a bar says how many and what may be done.
//   data-many            a button of the bar: asks in a dialog, or posts at once (data-many="now")
//   data-picking         a button that shows the boxes of all rows      data-pick-all, data-pick-none
// What is selected is kept in memory and in this page's place in the history: a list that is read again keeps it.
(() => {
  "use strict";
  const wk = window.wellkept, picked = new Set((history.state?.picked || []).map(String));
  let last = "", lost = false;
  const list = () => document.querySelector(".items");
  const boxes = () => [...document.querySelectorAll(".items .pick input")];
  const bar = () => document.getElementById("picks");
  const keep = () => history.replaceState({ ...history.state, picked: [...picked] }, "");

  const show = () => {
    const items = list();
    for (const box of boxes()) box.checked = picked.has(box.value);
    const button = document.querySelector("[data-picking]");
    items?.toggleAttribute("data-picking", picked.size > 0 || button?.getAttribute("aria-pressed") === "true");
    if (!bar()) return;
    bar().hidden = !picked.size;
    const said = bar().querySelector("[data-picked-said]"), text = picked.size ? said.dataset.pickedSaid.replace("%s", picked.size) : "";
    if (said.textContent !== text) said.textContent = text;
    bar().querySelector("[data-pick-all]").hidden = boxes().length <= picked.size;
  };
  const pick = (box, on) => { if (on) picked.add(box.value); else picked.delete(box.value); };
  const clear = () => {
    const within = bar()?.contains(document.activeElement);
    picked.clear(); keep(); show();
    if (within) list()?.querySelector("[data-row]")?.focus();
  };
  // Rows that left the list are no longer selected.
  const settle = () => {
    if (!list()) return;
    const here = new Set(boxes().map((box) => box.value));
    for (const id of [...picked]) if (!here.has(id)) picked.delete(id);
    keep(); show();
    if (lost && document.activeElement === document.body) { list().querySelector("[data-row]")?.focus({ preventScroll: true }); lost = false; }
  };
  const address = (button) => `${button.getAttribute("formaction")}?${[...picked].map((id) => `c=${id}`).join("&")}`;
  // Nobody waits for an answer in any of them: there is nothing to ask.
  const plain = () => boxes().filter((box) => picked.has(box.value)).every((box) => !box.closest("li").querySelector(".item.new"));

  document.addEventListener("change", (e) => {
    const box = e.target.closest?.(".items .pick input");
    if (!box) return;
    pick(box, box.checked); last = box.value; keep(); show();
  });
  document.addEventListener("click", (e) => {
    const row = e.target.closest(".items a[data-row]");
    if (row && list().hasAttribute("data-picking") && matchMedia("(pointer: coarse)").matches) {
      e.preventDefault(); e.stopPropagation();
      row.closest("li").querySelector(".pick input").click();
      return;
    }
    const box = e.target.closest(".items .pick input");
    if (box && e.shiftKey && last) {
      const all = boxes(), [from, to] = [all.findIndex((b) => b.value === last), all.indexOf(box)].sort((a, b) => a - b);
      if (from >= 0) all.slice(from, to + 1).forEach((b) => pick(b, box.checked));
    }
    const mode = e.target.closest("[data-picking]:is(button)");
    if (mode) {
      const on = mode.getAttribute("aria-pressed") !== "true";
      mode.setAttribute("aria-pressed", String(on));
      if (on) show(); else clear();
    }
    if (e.target.closest("[data-pick-all]")) { boxes().forEach((b) => pick(b, true)); keep(); show(); }
    if (e.target.closest("[data-pick-none]")) { document.querySelector("[data-picking]:is(button)")?.setAttribute("aria-pressed", "false"); clear(); }
    const many = e.target.closest("[data-many]");
    if (!many) return;
    if (many.dataset.many !== "now" && !(many.dataset.many === "plain" && plain())) { many.dataset.dialogSrc = address(many); return; }
    e.preventDefault(); e.stopPropagation();
    wk.asked = null;
    wk.send(address(many), { method: "POST", form: new FormData() });
  }, true);
  // Esc lets go of the selection before it goes back.
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !picked.size || wk.typing() || document.querySelector("dialog[open], :popover-open")) return;
    e.preventDefault(); e.stopPropagation(); clear();
  }, true);
  document.addEventListener("picks", (e) => { picked.clear(); e.detail.ids.forEach((id) => picked.add(String(id))); lost = true; keep(); show(); });
  document.addEventListener("fresh", settle);
  document.addEventListener("htmx:after:settle", settle);
  addEventListener("pageshow", settle);
  settle();
})();

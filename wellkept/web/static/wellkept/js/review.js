// The review list is read again after each answer; the row that follows the one settled takes the focus.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("#review-list [data-row]")];
  let place = -1;
  document.addEventListener("focusin", (e) => {
    const row = e.target.closest?.("#review-list [data-row]");
    if (row) place = rows().indexOf(row);
  });
  document.addEventListener("fresh", (e) => {
    if (e.detail.el.id !== "review-list" || place < 0) return;
    const all = rows(), row = all[Math.min(place, all.length - 1)];
    for (const other of all) if (other !== row) other.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
    row?.querySelector("[data-open], a, button")?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  });
})();

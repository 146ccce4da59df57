// The keyboard map. Every shortcut is a button or link somewhere: data-key="e" or data-key="g t" on it makes the
// key press it, inside the current row first. Single keys are off while typing and can be switched off.
(() => {
  "use strict";
  const wk = window.wellkept, root = document.documentElement;
  // A person's own keys, told by the server: what a pressed key means, alone and after Go. Buttons keep the usual names.
  let first = "";
  const own = JSON.parse(root.dataset.keys || "{}");
  const meant = (key) => (first ? own.after : own.alone)?.[key] ?? key;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(wk.seen);
  const current = () => document.querySelector('[data-row][aria-current="true"]') || document.activeElement?.closest?.("[data-row]");

  const choose = (row) => {
    if (!row) return;
    for (const other of document.querySelectorAll('[data-row][aria-current="true"]')) if (other !== row) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    (row.matches("a,button") ? row : row.querySelector("[data-open], .what a, a, button"))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(current());
    choose(at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[Math.min(all.length - 1, Math.max(0, at + by))]);
    return true;
  };
  const press = (key) => {
    const find = (where) => {   // what can be seen comes before what stands hidden for its key alone
      const all = [...where.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
      return all.find(wk.seen) || all.find((el) => el.closest(".keys-only, .menu"));
    };
    const dialog = document.querySelector("dialog[open]"), row = current();
    const el = dialog ? find(dialog) : (row && find(row)) || find(document);
    if (!el) return false;
    if (el.matches("input:not([type=checkbox]), textarea, select")) el.focus(); else el.click();
    return true;
  };
  const select = () => {
    const row = current(), box = (row?.closest("li, tr") || row)?.querySelector('input[type="checkbox"]');
    box?.click();
    return !!box;
  };

  let timer = 0;
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.defaultPrevented) return;
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter") {
      const form = document.activeElement?.closest?.("form");
      const go = form?.querySelector("[data-send], .btn.go");
      if (go) { e.preventDefault(); go.click(); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") {
      if (wk.typing()) { document.activeElement.blur(); return; }
      if (!document.querySelector("dialog[open], :popover-open")) document.querySelector("[data-back]")?.click();
      return;
    }
    if (wk.typing() || root.dataset.shortcuts === "off") return;
    if (e.key.length !== 1 || e.key === " ") return;
    const key = meant(e.key);
    if (!key) { first = ""; return; }
    const both = first ? `${first} ${key}` : key;
    clearTimeout(timer);
    let used = false;
    if (!first && key === "j") used = step(1);
    else if (!first && key === "k") used = step(-1);
    else if (!first && key === "x") used = select();
    else if (!first && key === "g") { first = "g"; timer = setTimeout(() => { first = ""; }, 1200); e.preventDefault(); return; }
    else used = press(both);
    first = "";
    if (used) e.preventDefault();
  });
  document.addEventListener("focusin", (e) => {
    const row = e.target.closest?.("[data-row]");
    if (row && e.target.matches(":focus-visible") && row.getAttribute("aria-current") !== "page") {
      for (const other of document.querySelectorAll('[data-row][aria-current="true"]')) if (other !== row) other.removeAttribute("aria-current");
      row.setAttribute("aria-current", "true");
    }
  });
})();

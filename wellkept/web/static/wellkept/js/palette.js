// Ctrl-K: the palette. The server answers with rows the person may use; here they are only chosen.
(() => {
  "use strict";
  const wk = window.wellkept, dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input"), list = dialog.querySelector("[role=listbox]"), src = dialog.dataset.src;
  let asked = 0, timer = 0, came = null;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = (el) => {
    for (const o of options()) o.setAttribute("aria-selected", String(o === el));
    if (el) { input.setAttribute("aria-activedescendant", el.id); el.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  };
  const recent = () => { try { return JSON.parse(sessionStorage.getItem("recent") || "[]"); } catch { return []; } };
  const keep = (name) => sessionStorage.setItem("recent", JSON.stringify([name, ...recent().filter((n) => n !== name)].slice(0, 6)));
  const lift = () => {   // recent first, inside each group
    const order = recent();
    for (const name of [...order].reverse()) {
      const el = options().find((o) => o.dataset.name === name), head = el?.closest("[role=group]")?.querySelector("h3");
      if (head) head.after(el);
    }
  };
  const read = async () => {
    const mine = ++asked;
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await wk.send(`${src}?q=${encodeURIComponent(input.value)}&at=${encodeURIComponent(location.pathname)}`);
      const text = await answer.text();
      if (mine !== asked) return;
      if (answer.ok) list.innerHTML = text;
    } finally { if (mine === asked) list.removeAttribute("aria-busy"); }
    if (!input.value) lift();
    options().forEach((o, i) => { o.id = `option-${i}`; });
    mark(options()[0]);
  };
  const open = () => {
    if (dialog.open) return;
    came = document.activeElement;
    dialog.showModal();
    input.value = "";
    input.focus();
    read();
  };
  const run = (el) => {
    if (!el) return;
    if (el.dataset.name) keep(el.dataset.name);
    const press = el.dataset.press;
    dialog.close();
    if (press) (document.querySelector(`[data-command="${CSS.escape(press)}"]`) || el).click();
    else el.click();
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(read, 110); });
  dialog.addEventListener("keydown", (e) => {
    const all = options(), at = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (e.key === "ArrowDown") { e.preventDefault(); mark(all[(at + 1) % all.length]); }
    else if (e.key === "ArrowUp") { e.preventDefault(); mark(all[(at - 1 + all.length) % all.length]); }
    else if (e.key === "Enter" && !e.isComposing) {
      e.preventDefault();
      if (at >= 0) run(all[at]); else dialog.querySelector("form").requestSubmit();
    }
  });
  list.addEventListener("click", (e) => {
    const el = e.target.closest("[role=option]");
    if (el?.dataset.name) keep(el.dataset.name);
    if (el?.dataset.press) { e.preventDefault(); run(el); }
  });
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => came?.isConnected && came.focus?.({ preventScroll: true }));
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "k") { e.preventDefault(); dialog.open ? dialog.close() : open(); }
  });
  document.addEventListener("click", (e) => {
    const asks = e.target.closest("[data-opens=palette]");
    if (asks && !e.ctrlKey && !e.metaKey) { e.preventDefault(); open(); }
  });
})();

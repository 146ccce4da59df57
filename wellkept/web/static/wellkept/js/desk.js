// The desk: a row opens its conversation beside the list on wide screens, as its own page on narrow ones.
//   data-row data-opens-in="#opened"   a row that opens in place        data-drawer="#side"  shows the client panel
//   data-original="#id"                the mail as it was sent, in a frame that can run nothing
//   data-into="#thread"                earlier messages, read into place data-print           prints the page
//   data-fades="8"                     a button that is of no use after so many seconds
(() => {
  "use strict";
  const wk = window.wellkept;
  const wide = () => matchMedia("(width >= 45rem)").matches;
  const here = () => document.querySelector(".conv[data-conversation]");

  const pane = async (address) => {
    const answer = await wk.send(address);
    if (!answer.ok) return null;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    return box.content;
  };
  const mark = (row) => {
    for (const other of document.querySelectorAll(".items [data-row][aria-current]")) other.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  };
  const settle = () => {
    const opened = document.getElementById("opened");
    window.htmx?.process(opened);
    document.querySelector(".inbox")?.toggleAttribute("data-opened", !!here());
    const name = here()?.querySelector("h2")?.textContent;
    if (name) document.title = `${name} · Wellkept`;
    document.dispatchEvent(new CustomEvent("fresh", { detail: { el: opened } }));
    document.dispatchEvent(new CustomEvent("opened"));
    fade(opened);
  };
  // Rows that are read again keep the mark of the conversation that stands beside them.
  const remark = (el) => {
    const list = el.closest?.(".items") || el.querySelector?.(".items");
    if (!list || list.querySelector('[data-row][aria-current="true"]')) return;
    const path = here() && new URL(location.href).pathname;
    [...list.querySelectorAll("a[data-row]")].find((row) => row.pathname === path)?.setAttribute("aria-current", "true");
  };
  let asked = "";
  const show = async (row) => {
    asked = row.href;
    mark(row);
    row.setAttribute("aria-busy", "true");
    const content = await pane(row.href).catch(() => null);
    row.removeAttribute("aria-busy");
    if (asked !== row.href) return;
    if (!content) { location.href = row.href; return; }
    document.querySelector(row.dataset.opensIn).replaceChildren(content);
    if (location.href !== row.href) history.pushState({ desk: 1 }, "", row.href);
    settle();
  };
  addEventListener("popstate", () => { if (document.querySelector(".inbox")) location.reload(); });

  const drawer = (button) => {
    const side = document.querySelector(button.dataset.drawer), open = side.toggleAttribute("data-drawn");
    document.querySelectorAll(`[data-drawer="${button.dataset.drawer}"]`).forEach((b) => b.setAttribute("aria-expanded", String(open)));
    if (open) side.querySelector("a,button")?.focus(); else document.querySelector(`.conv [data-drawer="${button.dataset.drawer}"]`)?.focus();
  };
  const original = (link) => {
    const place = document.querySelector(link.dataset.original);
    link.closest("[popover]")?.hidePopover();
    if (place.hidden && !place.querySelector("iframe")) {
      const frame = document.createElement("iframe");
      // An empty sandbox: no scripts, no forms, no origin. The address brings a policy of its own as well.
      frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
      frame.src = link.href; frame.loading = "lazy"; frame.referrerPolicy = "no-referrer"; frame.title = link.textContent.trim();
      place.append(frame);
    }
    place.hidden = !place.hidden;
    if (!place.hidden) place.scrollIntoView({ block: "nearest" });
  };
  const fade = (root) => root.querySelectorAll("[data-fades]").forEach((el) => setTimeout(() => { el.closest("form")?.remove(); }, Number(el.dataset.fades) * 1000));

  document.addEventListener("click", async (e) => {
    const row = e.target.closest(".items a[data-opens-in]"), plain = !(e.ctrlKey || e.metaKey || e.shiftKey || e.button);
    if (row && plain && wide()) { e.preventDefault(); show(row); return; }
    // Esc goes back to the row first; from the row it closes the conversation.
    const back = e.target.closest(".conv [data-back]"), current = document.querySelector('.items [data-row][aria-current="true"]');
    if (back && plain && wide() && current && wk.seen(current) && !current.contains(document.activeElement)) { e.preventDefault(); current.focus(); return; }
    const draws = e.target.closest("[data-drawer]");
    if (draws) { drawer(draws); return; }
    const shown = e.target.closest("[data-original]");
    if (shown && plain) { e.preventDefault(); original(shown); return; }
    const pictures = e.target.closest("[data-pictures]");
    if (pictures) {
      const frame = pictures.closest(".original").querySelector("iframe");
      frame.src = pictures.dataset.pictures;
      pictures.closest(".note").hidden = true;
      return;
    }
    const into = e.target.closest("[data-into]");
    if (into && plain) {
      e.preventDefault();
      const target = document.querySelector(into.dataset.into), content = await pane(into.href);
      const fresh = content?.querySelector(into.dataset.into);
      if (fresh) { target.replaceWith(fresh); window.htmx?.process(fresh); }
      return;
    }
    if (e.target.closest("[data-print]")) { e.target.closest("[popover]")?.hidePopover(); print(); }
  });
  document.addEventListener("keydown", (e) => {
    const side = document.querySelector(".side[data-drawn]");
    if (e.key === "Escape" && side && !wk.typing()) { e.preventDefault(); drawer(side.querySelector("[data-drawer]")); }
  });
  // What is opened last is printed whole: the details say more than their heads.
  addEventListener("beforeprint", () => document.querySelectorAll(".stream details:not([open])").forEach((d) => { d.open = true; d.dataset.printed = "1"; }));
  addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach((d) => { d.open = false; delete d.dataset.printed; }));
  document.addEventListener("fresh", (e) => { if (e.detail?.el) { fade(e.detail.el); remark(e.detail.el); } });
  fade(document);
  document.querySelector('.items [data-row][aria-current="true"]')?.scrollIntoView({ block: "nearest" });
})();

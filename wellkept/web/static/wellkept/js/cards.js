// Popovers and dialogs. data-why="/promises/812/why" opens the reason of a due time on hover (300 ms), focus or
// tap; data-dialog="#id" opens a native dialog, data-dialog-src reads it from the server first.
(() => {
  "use strict";
  const wk = window.wellkept, card = document.getElementById("why");
  const cache = new Map();
  let timer = 0, owner = null;

  const settle = (el, from) => {
    if (CSS.supports("position-area: block-end")) return;
    const a = from.getBoundingClientRect(), b = el.getBoundingClientRect();
    const below = a.bottom + 6 + b.height < innerHeight;
    el.style.setProperty("position", "fixed"); el.style.setProperty("inset", "auto"); el.style.setProperty("margin", "0");
    el.style.setProperty("left", `${Math.max(8, Math.min(a.right - b.width, innerWidth - b.width - 8))}px`);
    el.style.setProperty("top", `${below ? a.bottom + 6 : Math.max(8, a.top - b.height - 6)}px`);
  };
  const show = async (from) => {
    if (!card || owner === from) return;
    owner = from;
    const url = from.dataset.why;
    if (!cache.has(url) || wk.now() - cache.get(url).at > 20000) {
      try {
        const answer = await wk.send(url);
        if (!answer.ok) { owner = null; return; }
        cache.set(url, { at: wk.now(), text: await answer.text() });
      } catch { owner = null; return; }
    }
    if (owner !== from || !from.isConnected) return;
    card.innerHTML = cache.get(url).text;
    card.dataset.state = from.closest("[data-state]")?.dataset.state || "open";
    if (card.matches(":popover-open")) card.hidePopover();
    owner = from;
    try { card.showPopover({ source: from }); } catch { card.showPopover(); }
    settle(card, from);
    from.setAttribute("aria-describedby", "why");
  };
  const hide = () => { clearTimeout(timer); if (card?.matches(":popover-open")) card.hidePopover(); };
  const soon = (el, ms) => { clearTimeout(timer); timer = setTimeout(() => show(el), ms); };
  if (card) {
    card.addEventListener("toggle", (e) => { if (e.newState === "closed") { owner?.removeAttribute("aria-describedby"); owner = null; } });
    document.addEventListener("pointerover", (e) => {
      const el = e.target.closest?.("[data-why]");
      if (el && e.pointerType === "mouse" && el !== owner) soon(el, 300);
    });
    document.addEventListener("pointerout", (e) => {
      const el = e.target.closest?.("[data-why]");
      if (!el || e.pointerType !== "mouse" || el.contains(e.relatedTarget)) return;
      clearTimeout(timer);
      timer = setTimeout(() => { if (!card.matches(":hover") && document.activeElement !== owner) hide(); }, 200);
    });
    card.addEventListener("pointerleave", () => { if (document.activeElement !== owner) timer = setTimeout(hide, 200); });
    document.addEventListener("focusin", (e) => {
      const el = e.target.closest?.("[data-why]");
      if (el && el.matches(":focus-visible")) soon(el, 300);
      else if (owner && !card.contains(e.target)) hide();
    });
    document.addEventListener("click", (e) => {
      const el = e.target.closest?.("[data-why]");
      if (!el || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      clearTimeout(timer);
      if (owner === el && card.matches(":popover-open")) hide(); else { owner = null; show(el); }
    });
    document.addEventListener("live", () => cache.clear());
  }

  // What is pressed while a dialog is on its way was meant for it, never for what lies beneath.
  let opening = 0;
  document.addEventListener("keydown", (e) => {
    const plain = !e.ctrlKey && !e.metaKey && !e.altKey && (e.key.length === 1 || e.key === "Enter");
    if (opening && plain && !wk.typing()) { e.preventDefault(); e.stopImmediatePropagation(); }
  }, true);
  document.addEventListener("click", async (e) => {
    const opens = e.target.closest("[data-dialog]");
    if (opens && !e.ctrlKey && !e.metaKey) {
      const dialog = document.querySelector(opens.dataset.dialog);
      if (!dialog) return;
      e.preventDefault();
      if (opens.dataset.dialogSrc) {
        opening += 1;
        const text = await wk.send(opens.dataset.dialogSrc).then((answer) => answer.ok && answer.text()).finally(() => { opening -= 1; });
        if (!text) return;
        dialog.innerHTML = text;
        window.htmx?.process(dialog);
      }
      opens.closest("[popover]")?.hidePopover?.();
      dialog.showModal();
      (dialog.querySelector("[autofocus]") || dialog.querySelector("input:not([type=hidden]),textarea,select"))?.focus();
    }
    const closes = e.target.closest("[data-close]");
    if (closes) { e.preventDefault(); closes.closest("dialog")?.close(); }
    if (e.target.matches?.("dialog[open].dialog")) e.target.close();
  });
  // What was asked in a dialog is done: the dialog goes.
  document.addEventListener("htmx:after:request", (e) => {
    const { response, sourceElement } = e.detail.ctx, dialog = sourceElement?.closest?.("dialog[open]");
    if (dialog && response?.status === 204) dialog.close();
  });
  // Menus opened by popovertarget: placed beside their button where anchors are not known yet.
  document.addEventListener("toggle", (e) => {
    if (e.newState !== "open" || !e.target.matches(".menu")) return;
    const from = document.querySelector(`[popovertarget="${CSS.escape(e.target.id)}"]`);
    if (from) settle(e.target, from);
  }, true);
})();

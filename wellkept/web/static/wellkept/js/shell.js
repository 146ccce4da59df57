// What every other script leans on: the server's time, words in the reader's language, and requests that
// carry the anti-forgery token. No script trusts the browser's clock.
(() => {
  "use strict";
  const root = document.documentElement;
  let base = Number(root.dataset.now), mark = performance.now();

  const wk = window.wellkept = {
    now: () => base + performance.now() - mark,
    setNow(ms) { if (ms > 0) { base = ms; mark = performance.now(); } },
    word: (name, n) => (document.body.dataset[name] || "%s").replace("%s", n),
    csrf: () => document.querySelector('meta[name="csrf"]')?.content || "",
    async send(url, { method = "GET", form, keepalive = false } = {}) {
      const headers = { "HX-Request": "true" };
      if (method !== "GET") headers["X-CSRFToken"] = wk.csrf();
      const answer = await fetch(url, { method, headers, body: form, keepalive, credentials: "same-origin" });
      wk.setNow(Number(answer.headers.get("Server-Now")));
      wk.heed(answer.headers.get("HX-Trigger"));
      if (answer.redirected && new URL(answer.url).pathname.startsWith("/accounts/")) location.reload();
      return answer;
    },
    heed(header) {
      if (header?.startsWith("{"))
        for (const [name, detail] of Object.entries(JSON.parse(header)))
          document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    },
    toast: (text, more = {}) => document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text, ...more } })),
    typing: (el = document.activeElement) => !!el?.closest?.('input:not([type="checkbox"],[type="radio"],[type="button"],[type="submit"]), textarea, select, [contenteditable="true"]'),
    seen: (el) => el.checkVisibility ? el.checkVisibility() : el.offsetParent !== null,
  };

  document.addEventListener("htmx:config:request", (e) => {
    const request = e.detail.ctx.request;
    if (!/^(GET|HEAD)$/i.test(request.method)) request.headers["X-CSRFToken"] = wk.csrf();
  });
  // A refusal lands beside the form that asked; without a place for it, in a toast.
  document.addEventListener("refused", (e) => {
    const { text, field } = e.detail, form = wk.asked;
    const input = field && form?.isConnected && form.querySelector(`[name="${CSS.escape(field)}"]`);
    const place = form?.isConnected && form.querySelector("[data-refusal]");
    if (place) { place.hidden = false; place.querySelector("p").textContent = text; } else wk.toast(text, { state: "broken" });
    if (input) { input.setAttribute("aria-invalid", "true"); input.focus(); }
  });
  const remember = (e) => {
    wk.asked = e.target.closest?.("form");
    const place = wk.asked?.querySelector("[data-refusal]");
    if (place) place.hidden = true;
    wk.asked?.querySelectorAll('[aria-invalid="true"]').forEach((el) => el.removeAttribute("aria-invalid"));
  };
  document.addEventListener("submit", remember, true);
  document.addEventListener("htmx:before:request", remember, true);
  document.addEventListener("htmx:after:request", (e) => wk.setNow(Number(e.detail.ctx.response?.headers.get("Server-Now"))));
  document.addEventListener("htmx:response:error", (e) => {
    const { status, headers } = e.detail.ctx.response;
    if (headers?.get("HX-Trigger")?.includes('"refused"')) return;  // it says itself why
    if (status === 403) wk.toast(document.body.dataset.wordForbidden, { state: "broken" });
    else if (status === 404) wk.toast(document.body.dataset.wordGone, { state: "broken" });
    else if (status >= 500) wk.toast(document.body.dataset.wordFailed, { state: "broken" });
  });
  document.addEventListener("htmx:error", (e) => {
    if (e.detail.ctx?.status?.startsWith?.("error")) wk.toast(document.body.dataset.wordOffline, { state: "risk" });
  });

  // Preferences show at once and are kept by the server: <form data-pref="theme"><button name="value" value="dark">.
  document.addEventListener("submit", (e) => {
    const form = e.target.closest("form[data-pref]");
    if (!form || !e.submitter) return;
    e.preventDefault();
    const { value } = e.submitter, name = form.dataset.pref;
    if (value && value !== "auto") root.dataset[name] = value; else delete root.dataset[name];
    form.querySelectorAll("button[value]").forEach((b) => b.setAttribute("aria-pressed", String(b === e.submitter)));
    wk.send(form.action, { method: "POST", form: new FormData(form, e.submitter) });
  });

  // A button that may not be pressed now stays focusable and leads to what is missing.
  document.addEventListener("click", (e) => {
    const button = e.target.closest('[aria-disabled="true"]');
    if (!button) return;
    e.preventDefault(); e.stopImmediatePropagation();
    const missing = button.dataset.missing && document.querySelector(button.dataset.missing);
    if (missing) missing.focus();
  }, true);

  // The tab one stands on is in sight, also where tabs are wider than the screen.
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

  // One press sends once.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (e.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sending) { e.preventDefault(); return; }
    form.dataset.sending = "1";
    setTimeout(() => delete form.dataset.sending, 4000);
  });
  addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
})();

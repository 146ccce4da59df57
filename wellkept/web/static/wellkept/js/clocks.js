// Countdowns. A clock carries the open spans of its business calendar between "made" and "due" (epoch
// seconds, "start-end start-end"), so what is left is added up here exactly as the server adds it up.
//   <li class="promise" data-due="…" data-spans="…" data-total="…" data-risk="0.2" data-day="9" data-state="open">
(() => {
  "use strict";
  const wk = window.wellkept;

  const words = (s, dayHours) => {
    s = Math.max(0, Math.round(s));
    if (s < 120) return `${s} s`;
    const min = Math.floor(s / 60);
    if (min < 60) return `${min} min`;
    const h = Math.floor(min / 60), day = Number(dayHours) || 24;
    if (h < 24) return `${h} h${min % 60 ? ` ${String(min % 60).padStart(2, "0")}` : ""}`;
    const d = Math.floor(h / day), rest = h % day;
    return `${d} d${rest ? ` ${rest} h` : ""}`;
  };
  const sum = (spans, from, to) => spans.reduce((all, [a, b]) => all + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0);
  const parse = (text) => (text || "").split(" ").filter(Boolean).map((p) => p.split("-").map(Number));

  // Returns how soon this clock wants to be read again, in seconds.
  const tick = (el, now) => {
    const state = el.dataset.state, due = Number(el.dataset.due);
    if (!due || state === "kept" || state === "wait" || state === "withdrawn") return Infinity;
    const spans = parse(el.dataset.spans), text = el.querySelector("[data-left]") || (el.matches("[data-left]") ? el : null);
    if (now >= due) {
      if (state !== "broken") { el.dataset.stale = "1"; if (text) text.textContent = wk.word("wordDue", ""); return 1; }
      const over = sum(spans, due, now) || now - due;
      if (text) text.textContent = wk.word("wordOver", words(over, el.dataset.day));
      return over < 120 ? 1 : 15;
    }
    const left = spans.length ? sum(spans, now, due) : due - now;
    if (text && !text.dataset.fixed) text.textContent = wk.word("wordLeft", words(left, el.dataset.day));
    const thread = el.querySelector(".thread");
    if (thread && el.dataset.total > 0) thread.style.setProperty("--left", Math.min(1, left / el.dataset.total).toFixed(4));
    if (state === "open" && el.dataset.total > 0 && left / el.dataset.total <= Number(el.dataset.risk)) { el.dataset.state = "risk"; remark(el); }
    return left < 120 ? 1 : 15;
  };
  const remark = (el) => {
    const mark = el.querySelector("svg.mark");
    mark?.querySelector("use")?.setAttribute("href", "#i-risk");
    mark?.setAttribute("aria-label", document.body.dataset.wordRisk);
    const say = document.getElementById("say"), name = el.querySelector(".what a")?.textContent;
    if (say && name) say.textContent = `${document.body.dataset.wordRisk}: ${name}`;
  };

  let timer = 0;
  const run = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    const now = wk.now() / 1000;
    let soon = 15;
    for (const el of document.querySelectorAll("[data-due]")) soon = Math.min(soon, tick(el, now));
    for (const el of document.querySelectorAll("[data-now-from]")) {   // the line of "now" on a day
      const from = Number(el.dataset.nowFrom), to = Number(el.dataset.nowTo), share = (now - from) / (to - from);
      el.hidden = share < 0 || share > 1;
      el.style.setProperty("--at", `${(share * 100).toFixed(2)}%`);
    }
    for (const el of document.querySelectorAll("time[data-clock]"))
      el.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit", hour12: false, timeZone: el.dataset.clock }).format(wk.now());
    timer = setTimeout(run, soon * 1000);
  };
  document.addEventListener("visibilitychange", run);
  document.addEventListener("fresh", run);
  document.addEventListener("htmx:after:settle", run);
  run();
})();

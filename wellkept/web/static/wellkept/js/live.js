// Live pages. One stream per viewer names fragments ({"ids": ["promise-812"], "now": 1700000000000}); those on
// this page are read again from their data-src and swapped in place. Nothing moves under the hand: while a row
// of a list has the focus, rows that are new wait behind a button. Only one tab of a browser holds the stream.
// A stream begins by telling what changed since the page was made (data-since): nothing falls between the two.
(() => {
  "use strict";
  const wk = window.wellkept, root = document.documentElement, url = root.dataset.live;

  // Fragments with one address that are read in one breath share one request; a later one may know more.
  const asked = new Map();
  const read = (src) => {
    if (!asked.has(src)) asked.set(src, wk.send(src).then(async (answer) => ({ status: answer.status, ok: answer.ok, text: await answer.text() })));
    setTimeout(() => asked.delete(src), 0);
    return asked.get(src);
  };
  const fragment = async (el) => {
    const answer = await read(el.dataset.src);
    if (answer.status === 404 || answer.status === 410) return null;
    if (!answer.ok) return undefined;
    const box = document.createElement("template");
    box.innerHTML = answer.text;
    return box.content.getElementById(el.id) || box.content.firstElementChild || undefined;
  };
  const ready = (el) => { window.htmx?.process(el); document.dispatchEvent(new CustomEvent("fresh", { detail: { el } })); };
  const busy = (el) => el.contains(document.activeElement) && wk.typing();
  const within = (el) => el.contains(document.activeElement);

  const place = (el, fresh) => {
    const held = within(el) && document.activeElement, key = held && (held.id || held.getAttribute("href") || held.getAttribute("name"));
    if (el.getAttribute("aria-current") === "true" && !fresh.hasAttribute("aria-current")) fresh.setAttribute("aria-current", "true");
    el.replaceWith(fresh);
    if (held) {
      const again = [fresh, ...fresh.querySelectorAll("a,button,input,[tabindex]")].find((x) => (x.id || x.getAttribute("href") || x.getAttribute("name")) === key);
      (again || fresh.querySelector("a,button") || fresh).focus({ preventScroll: true });
    }
    ready(fresh);
  };
  const leave = (el) => {
    const next = el.nextElementSibling || el.previousElementSibling;
    if (within(el)) next?.querySelector("a,button")?.focus();
    el.remove();
  };
  // The rows are the children of the list, or of what it marks data-rows-in; what it marks data-also is told anew in place.
  const into = (list) => list.querySelector("[data-rows-in]") || list;
  const merge = (list, fresh) => {
    const now = new Map([...into(fresh).children].filter((c) => c.id).map((c) => [c.id, c]));
    const had = new Set();
    for (const part of list.querySelectorAll("[data-also][id]")) {
      const other = fresh.querySelector(`#${CSS.escape(part.id)}`);
      if (other && !within(part) && part.outerHTML !== other.outerHTML) part.replaceWith(other.cloneNode(true));
    }
    for (const row of [...into(list).children]) {
      if (!row.id) continue;
      had.add(row.id);
      const other = now.get(row.id);
      if (!other) { row.dataset.gone = "1"; if (row.dataset.src) refresh(row); }  // it stays, and says how it ended
      else if (row.outerHTML !== other.outerHTML) place(row, other.cloneNode(true));
    }
    if (list.dataset.rows === "grow") grow(list, now, had);
    const extra = [...now.keys()].filter((id) => !had.has(id)).length;
    merged(list, fresh, extra);
    ready(list);
  };
  // A log keeps what its reader opened in it: only what changed is swapped, what is new follows at the end.
  const log = (list, fresh) => {
    const rows = [...into(list).children], had = new Map(rows.map((row) => [row.id, row]));
    const now = [...into(fresh).children].filter((row) => row.id), there = new Set(now.map((row) => row.id));
    const known = now.filter((row) => had.has(row.id)), last = now.indexOf(known.at(-1));
    if (!known.length || last >= known.length) { place(list, fresh); return; }  // something came in between
    for (const row of rows.slice(rows.indexOf(had.get(known[0].id)))) if (!there.has(row.id)) leave(row);
    for (const other of known) { const row = had.get(other.id); if (asCame(row) !== other.outerHTML) place(row, other.cloneNode(true)); }
    for (const row of now.slice(last + 1)) into(list).append(row.cloneNode(true));
    Object.assign(list.dataset, fresh.dataset);
    ready(list);
  };
  const asCame = (row) => {
    const copy = row.cloneNode(true);
    for (const el of copy.querySelectorAll("[data-htmx-powered]")) el.removeAttribute("data-htmx-powered");
    for (const opened of copy.querySelectorAll(".original:not([hidden])")) {
      opened.hidden = true;
      opened.querySelector("iframe")?.remove();
      for (const note of opened.querySelectorAll(":scope > .note")) note.hidden = false;
    }
    return copy.outerHTML;
  };
  // Rows that follow after the last one move nothing: they come at once.
  const grow = (list, now, had) => {
    const ids = [...now.keys()], last = ids.reduce((at, id, place) => (had.has(id) ? place : at), -1);
    if (last < 0) return;
    for (const id of ids.slice(last + 1)) { into(list).append(now.get(id).cloneNode(true)); had.add(id); }
  };
  const merged = (list, fresh, extra) => {
    let button = list.previousElementSibling?.matches(".newrows") ? list.previousElementSibling : null;
    if (!extra) { button?.remove(); return; }
    if (!button) {
      button = document.createElement("button");
      button.type = "button"; button.className = "newrows";
      list.before(button);
    }
    button.textContent = wk.word("wordNew", extra);
    button.onclick = () => { button.remove(); const at = document.getElementById(list.id); if (at) place(at, fresh); };
  };

  const waiting = new Map();
  const refresh = async (el) => {
    if (waiting.get(el.id)) { waiting.set(el.id, "again"); return; }
    waiting.set(el.id, "once");
    try {
      if (busy(el)) { el.addEventListener("focusout", () => setTimeout(() => refresh(el), 300), { once: true }); return; }
      const fresh = await fragment(el);
      if (!el.isConnected) waiting.set(el.id, "again");   // replaced meanwhile, perhaps by something older
      if (!el.isConnected || fresh === undefined) return;
      if (fresh === null) leave(el);
      else if (el.dataset.rows === "log") log(el, fresh);
      else if (el.hasAttribute("data-rows") && within(el)) merge(el, fresh);
      else { if (el.previousElementSibling?.matches(".newrows")) el.previousElementSibling.remove(); place(el, fresh); }
    } catch { /* the stream tells when the connection is back, and everything is read again then */ }
    finally {
      const again = waiting.get(el.id) === "again" && document.getElementById(el.id);
      waiting.delete(el.id);
      if (again && again.dataset.src) refresh(again);
    }
  };
  const means = (name, id) => name === id || (name.endsWith("*") && id.startsWith(name.slice(0, -1)));
  const named = (ids) => [...document.querySelectorAll("[data-src][id]")].filter((el) =>
    ids.includes(el.id) || (el.dataset.on || "").split(" ").some((name) => name && ids.some((id) => means(name, id))));
  // A list or part that is read again brings what stands in it.
  const apart = (found) => found.filter((el) => !found.some((other) => other !== el && other.contains(el)));
  const told = new Set();
  let gather = 0;
  let heard = Number(root.dataset.since) || wk.now();
  const hear = (message) => {
    wk.setNow(message.now);
    heard = message.now || heard;
    if (message.reload) { document.querySelectorAll("[data-src][id]").forEach(refresh); return; }
    for (const id of message.ids || []) told.add(id);
    if (told.size && !gather) gather = setTimeout(look, 120);
    document.dispatchEvent(new CustomEvent("live", { detail: message }));
  };
  const look = () => {
    const all = [...told];
    gather = 0;
    told.clear();
    apart(named(all)).forEach(refresh);
  };
  document.addEventListener("refresh", (e) => apart(named(e.detail.ids || [e.detail.value])).forEach(refresh));
  if (!url || !("EventSource" in window)) return;

  const air = "BroadcastChannel" in window ? new BroadcastChannel("wellkept-live") : null;
  if (air) air.onmessage = (e) => (e.data.bye ? location.reload() : hear(e.data));
  const lost = document.getElementById("lost");
  let broken = 0, leads = false;
  const open = () => new Promise((done) => {
    const source = new EventSource(`${url}?since=${heard}`);
    leads = true;
    source.onopen = () => {
      if (lost) lost.hidden = true;
      if (broken) [...document.querySelectorAll("[data-src][id][data-on], [data-src][id].promise")].forEach(refresh);
      broken = 0;
    };
    source.onmessage = (e) => { const m = JSON.parse(e.data); hear(m); air?.postMessage(m); };
    source.addEventListener("bye", () => { source.close(); air?.postMessage({ bye: 1 }); location.reload(); done(); });
    source.onerror = () => {
      broken += 1;
      if (lost && broken > 1) lost.hidden = false;
      if (source.readyState === EventSource.CLOSED) { setTimeout(() => done(open()), Math.min(30000, 2000 * broken)); }
    };
    addEventListener("pagehide", () => { source.close(); done(); }, { once: true });
  });
  // Without locks (plain http on a network) every tab listens for itself.
  if (navigator.locks && air) navigator.locks.request("wellkept-live", open); else open();
  // While another tab holds the stream, this one asks once what it missed before it listened.
  setTimeout(() => {
    if (leads) return;
    const once = new EventSource(`${url}?since=${heard}`);
    once.onmessage = (e) => { once.close(); hear(JSON.parse(e.data)); };
    once.onerror = () => once.close();
  }, 400);

  // What only the viewers of one conversation are told (who else looks at it): a second stream, while it is in view.
  let also = null, of = "";
  const attend = () => {
    const wanted = document.hidden ? "" : document.querySelector("[data-live-also]")?.dataset.liveAlso || "";
    if (wanted === of) return;
    also?.close();
    also = null;
    of = wanted;
    if (!wanted) return;
    also = new EventSource(`${url}?conversation=${wanted}&since=${heard}`);
    also.onmessage = (e) => hear(JSON.parse(e.data));
    also.addEventListener("bye", () => also.close());
  };
  document.addEventListener("visibilitychange", attend);
  document.addEventListener("htmx:after:settle", attend);
  document.addEventListener("fresh", attend);
  addEventListener("pagehide", () => also?.close());
  attend();
})();

// Coding by keyboard. The row under the keyboard shows its choices beside the list (on a narrow screen in its place);
// what is decided leaves the list and the next row follows at once, its choices come with the answer itself.
//   tr[data-line]            a row; its link carries data-panel, the address of its choices
//   form[data-decides]       decides the line at hand; its field "next" tells the server which line follows
//   [data-code]              takes the first choice (Enter)       [data-approve]  counts the rows that are ticked
//   [data-ask-many]          asks about the rows ticked by hand   [data-to-list]  back from the line on a narrow screen
//   form[data-split]         parts of a whole: what is left runs along, "=" fills it in
(() => {
  "use strict";
  const wk = window.wellkept, root = document.documentElement, MOST_AHEAD = 99, PAUSE = 700;
  const panel = () => document.getElementById("line-at-hand");
  const list = () => document.querySelector(".code[data-lines]");
  const row = (line) => document.getElementById(`line-${line}`);
  const rows = () => [...document.querySelectorAll("tr[data-line]:not([data-gone])")].filter((each) => each.dataset.line !== going?.line);
  const current = () => document.querySelector('tr[data-line][aria-current="true"]');
  const beside = (row) => { const all = rows(), at = all.indexOf(row); return all[at + 1] || all[at - 1] || null; };
  const narrow = () => !!list() && getComputedStyle(list()).getPropertyValue("--narrow").trim() === "1";
  const opened = () => list()?.hasAttribute("data-opened");

  // `hand` is the line under the keyboard, `asked` the one whose choices are on their way, `going` what is being decided.
  let waiting = 0, asked = "", going = null, hand = current()?.dataset.line || "";
  const lay = (text) => {
    const box = document.createElement("template");
    box.innerHTML = text;
    panel().replaceWith(box.content);
    window.htmx?.process(panel());
    ready();
  };
  const show = async (row) => {
    const link = row.querySelector("[data-panel]"), line = row.dataset.line;
    name(row);
    if (panel()?.dataset.line === line) { asked = ""; return; }
    if (!link || going || asked === line) return;
    asked = line;
    const answer = await wk.send(link.dataset.panel).catch(() => null), text = answer?.ok ? await answer.text().catch(() => "") : "";
    if (asked !== line) return;
    asked = "";
    if (hand !== line || going || panel()?.dataset.line === line) return;
    if (!text) { drop(); wk.toast(document.body.dataset[answer ? "wordGone" : "wordOffline"], { state: "risk" }); return; }
    lay(text);
    say();
    onward();
    if (!narrow() || opened()) history.replaceState(history.state, "", link.href);
  };
  // What was done to the line and leaves it here (a question asked) shows on its panel at once.
  const again = async (line) => {
    const link = document.querySelector(`tr[data-line="${line}"] [data-panel]`), answer = link && await wk.send(link.dataset.panel).catch(() => null);
    const text = answer?.ok ? await answer.text().catch(() => "") : "", still = hand === line && !going && panel()?.dataset.line === line;
    if (!text || !still || panel().contains(document.activeElement)) return;
    lay(text);
  };
  // The panel names the row under the keyboard at once; what belongs to another row rests until its own choices are there.
  const name = (row) => {
    const box = panel(), head = box?.querySelector("header");
    if (!head) return;
    const own = !going && (!row || box.dataset.line === row.dataset.line);
    box.setAttribute("aria-busy", String(!own));
    box.querySelector(".pad").inert = !own;
    for (const [part, from] of [["h2", "[data-open]"], ["b", "td.num"]]) {
      const el = head.querySelector(part);
      el.dataset.own ??= el.textContent;
      el.textContent = own || !row ? el.dataset.own : row.querySelector(from).textContent;
    }
  };
  const say = () => {
    const said = document.getElementById("coding-said");
    if (said && panel()?.dataset.said) said.textContent = panel().dataset.said;
  };
  const none = () => {
    const empty = document.getElementById("no-line");
    if (empty && panel()?.dataset.line && !going) panel().replaceWith(empty.content.cloneNode(true));
  };
  const settle = (row) => {
    if (!row) return;
    hand = row.dataset.line;
    for (const other of document.querySelectorAll("tr[data-line][aria-current]")) if (other !== row) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.querySelector("[data-open]")?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  // Every form that decides says which line comes after.
  const ready = () => {
    const next = current() ? beside(current())?.dataset.line : "";
    document.querySelectorAll('form[data-decides] [name="next"], form[data-split] [name="next"]').forEach((field) => { field.value = next || ""; });
  };

  // On a narrow screen a line stands in the place of the list, as a page of its own: Back and Esc lead to the list again.
  const open = async (row) => {
    settle(row);
    if (!narrow()) { show(row); return; }
    await show(row);
    if (!opened()) history.pushState({ ...history.state, line: 1 }, "", row.querySelector("[data-panel]").href);
    list().setAttribute("data-opened", "");
    panel().scrollIntoView({ block: "start" });
    panel().querySelector("h2")?.focus({ preventScroll: true });
  };
  const close = () => {
    list()?.removeAttribute("data-opened");
    const row = current() || rows()[0];
    if (row) settle(row);
  };
  const back = () => { if (history.state?.line) history.back(); else { history.replaceState(history.state, "", document.querySelector("[data-to-list]").href); close(); } };
  addEventListener("popstate", () => { if (list() && narrow()) { if (new URL(location.href).searchParams.has("line")) location.reload(); else close(); } });

  document.addEventListener("focusin", (e) => {
    const row = e.target.closest?.("tr[data-line]");
    if (!row || e.target.matches("input")) return;
    hand = row.dataset.line;
    name(row);
    clearTimeout(waiting);
    waiting = setTimeout(() => { ready(); show(row); }, 40);
  });
  document.addEventListener("click", (e) => {
    const plain = !(e.ctrlKey || e.metaKey || e.shiftKey || e.button), link = e.target.closest("[data-panel]");
    if (plain && e.target.closest("[data-to-list]") && list()) { e.preventDefault(); back(); return; }
    if (link && plain && panel()) { e.preventDefault(); open(link.closest("tr")); return; }
    const row = e.target.closest("tr[data-line]");
    if (row && plain && panel() && !e.target.closest("a, button, input, label")) { open(row); return; }
    if (e.target.closest("[data-code]")) { e.preventDefault(); take("1"); }
  });

  // What is decided travels while the keyboard stands on the next row already. What is pressed before that row can take
  // it waits in its order, letters too, and goes on when the choices came: nothing is lost, nothing reaches another row.
  // Where it can no longer be told what was meant (a refusal, a row that went), all of it is dropped until the hands rest.
  const NOT_OF_THE_LINE = "jkxgz?A", own = JSON.parse(root.dataset.keys || "{}").alone || {};
  let ahead = [], playing = false, deaf = 0;
  const meant = (key) => own[key] ?? key;
  const stop = (e) => { e.preventDefault(); e.stopPropagation(); };
  const stale = () => !!current() && panel()?.dataset.line !== current().dataset.line;
  const late = () => !!list() && (!!going || stale());
  const writes = () => ahead.reduce((inside, key) => key !== "Enter" && (inside || meant(key) === "/"), false);
  const elsewhere = () => document.activeElement?.closest?.("button, summary, a:not([data-open])");
  const echo = () => panel()?.querySelector("h2")?.setAttribute("data-ahead", ahead.map((key) => (key === "Enter" ? "↵" : key)).join(""));
  const drop = () => { ahead = []; deaf = performance.now() + PAUSE; echo(); };
  const waits = (e) => {
    if (e.key === "Enter") return !!ahead.length || !elsewhere();
    if (e.key === "Backspace" || e.key === " ") return writes();
    return e.key.length === 1 && (!!going || !!ahead.length || !NOT_OF_THE_LINE.includes(meant(e.key)));
  };
  const keep = (key) => {
    if (ahead.length >= MOST_AHEAD) { drop(); return; }
    if (key !== "Backspace") ahead.push(key); else if (meant(ahead.at(-1)) !== "/") ahead.pop();
    echo();
    onward();
    if (ahead.length && current()) show(current());
  };
  const onward = () => {
    ready();
    if (playing || !ahead.length) return;
    playing = true;
    while (ahead.length && !late()) play(ahead.shift());
    playing = false;
    echo();
  };
  const play = (key) => {
    const on = document.activeElement, means = meant(key);
    if (wk.typing(on) && panel().contains(on)) {
      if (key === "Enter") { on.form.requestSubmit(); return; }
      on.setRangeText(key, on.selectionStart, on.selectionEnd, "end");
      on.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    (on || document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const done = means === "/" ? wk.typing() : key === "Enter" || "123".includes(means) ? going : "jkxz".includes(means) || !ahead.length;
    if (!done) drop();
  };
  const take = (rank) => {
    const button = panel()?.querySelector(`form[data-decides] [name="rank"][value="${rank}"]`);
    if (button) button.form.requestSubmit(button);
  };
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const over = document.querySelector("dialog[open], :popover-open"), off = root.dataset.shortcuts === "off";
    if (list() && !over && !off && !playing) {
      if (e.key === "Escape" && ahead.length) { ahead = []; echo(); stop(e); return; }
      if (performance.now() < deaf && (e.key.length === 1 || e.key === "Enter")) { deaf = performance.now() + PAUSE; stop(e); return; }
      if (!wk.typing() && (ahead.length || late()) && waits(e)) { stop(e); if (!e.repeat || e.key !== "Enter") keep(e.key); return; }
    }
    if (e.key === "Escape" && !over && !wk.typing()) {
      if (opened() && narrow()) { e.preventDefault(); back(); }
      return;
    }
    if (e.key !== "Enter" || e.shiftKey || over || off) return;
    if (wk.typing() || elsewhere() || !panel()?.querySelector("[data-first]")) return;
    e.preventDefault();
    if (!e.repeat) take("1");
  }, true);
  document.addEventListener("submit", (e) => { if (e.target.querySelector("[data-approve]")) mine = true; });
  // The answer brings the choices of the row that follows; htmx reads the form before the second listener moves on.
  document.addEventListener("submit", (e) => {
    const form = e.target.closest("form[data-decides]");
    if (!form) return;
    if (going) { e.preventDefault(); e.stopImmediatePropagation(); return; }
    ready();
    const line = panel().dataset.line, next = row(line) && beside(row(line));
    going = { form, line, next };
  }, true);
  document.addEventListener("submit", (e) => {
    if (!going || e.target !== going.form) return;
    document.activeElement?.blur?.();
    settle(going.next);
    name(going.next);
  });
  // The answer came and nothing was coded: back to the line, which says why.
  document.addEventListener("htmx:finally:request", (e) => {
    if (!going || e.detail.ctx.request?.form !== going.form) return;
    const { form, line } = going, back = row(line) || rows()[0];
    going = null;
    if (ahead.length) drop();
    settle(back);
    name(back);
    form.querySelector('[aria-invalid="true"]')?.focus();
  });

  const done = new Set();
  document.addEventListener("coded", (e) => {
    const gone = e.detail.gone.map(String), stays = (each) => !gone.includes(each.dataset.line);
    going = null;
    const all = rows(), at = all.indexOf(current());
    const next = all.slice(Math.max(at, 0)).find(stays) || all.slice(0, Math.max(at, 0)).reverse().find(stays);
    document.querySelectorAll("dialog[open]").forEach((d) => d.close());
    if (!list()) { setTimeout(() => location.reload(), 600); return; }
    for (const line of gone) { done.add(line); row(line)?.remove(); }
    settle(next || null);
    count();
    setTimeout(() => {
      ready();
      if (next) show(next); else { ahead = []; none(); }
      onward();
      if (opened() && narrow()) { panel().scrollIntoView({ block: "start" }); panel().querySelector("h2")?.focus({ preventScroll: true }); }
      say();
      document.dispatchEvent(new CustomEvent("refresh", { detail: { ids: next ? ["coding-proof"] : ["coding-proof", "undecided-list"] } }));
    }, 0);
  });

  // What I did myself shows at once; what others did to the list waits until nothing moves under the hand.
  let mine = false;
  document.addEventListener("refresh", (e) => {
    const ids = e.detail.ids || [], line = panel()?.dataset.line;
    if (ids.some((id) => id.startsWith("undecided-"))) mine = true;
    if (line && !going && ids.includes(`line-${line}`)) again(line);
  });
  // A list that was read again keeps its place: the row whose choices stand beside it, else the first; and what is ticked.
  const ticks = new Map();
  document.addEventListener("fresh", (e) => {
    if (!list() || !e.detail?.el?.closest?.("#undecided-list")) return;
    const byMe = mine;
    if (mine && e.detail.el.id === "undecided-list") {
      mine = false;
      const more = document.querySelector("[data-lines] .newrows");
      if (more) { more.click(); return; }
      document.querySelectorAll("tr[data-line][data-gone]").forEach((row) => row.remove());
    }
    // The stream may be faster than the answer, or a reading older: what I decided leaves all the same.
    document.querySelectorAll("tr[data-line][data-gone]").forEach((row) => { if (done.has(row.dataset.line)) row.remove(); });
    document.querySelectorAll("tr[data-gone] input").forEach((box) => { box.checked = false; box.disabled = true; });
    for (const box of boxes()) if (ticks.has(box.value)) box.checked = ticks.get(box.value);
    // A line that others decided goes; not from under a hand that types its account, and no key meant for it takes the next.
    const typed = wk.typing() && panel()?.contains(document.activeElement);
    const all = rows(), here = all.find((r) => r.dataset.line === hand) || (typed ? null : current() || all[0]);
    if (here && hand && here.dataset.line !== hand && (!byMe || ahead.length)) drop();
    for (const row of document.querySelectorAll("tr[data-line][aria-current]")) if (row !== here) row.removeAttribute("aria-current");
    here?.setAttribute("aria-current", "true");
    if (here) hand = here.dataset.line;
    if (here && document.activeElement === document.body) here.querySelector("[data-open]")?.focus({ preventScroll: true });
    if (here) show(here); else if (!typed) none();
    count(); ready();
  });

  const boxes = () => rows().map((row) => row.querySelector('input[type="checkbox"]')).filter(Boolean);
  const put = (el, text) => { if (el.textContent !== text) el.textContent = text; };
  const count = () => {
    const button = document.querySelector("[data-approve]"), many = document.querySelector("[data-ask-many]");
    const ticked = boxes().filter((box) => box.checked), ready = ticked.filter((box) => box.name === "line").length;
    if (button) {
      const untouched = ![...ticks.keys()].length && ready === boxes().filter((box) => box.defaultChecked).length && new RegExp(`\\b${ready}\\b`).test(button.dataset.sure);
      put(button.querySelector("span"), untouched ? button.dataset.sure : ready === 1 ? button.dataset.one : button.dataset.words.replace("%s", ready));
      button.hidden = !ready;
    }
    if (!many) return;
    const chosen = ticked.filter((box) => ticks.has(box.value));
    many.hidden = chosen.length < 2;
    many.dataset.dialogSrc = `${many.dataset.address}?${chosen.map((box) => `line=${box.value}`).join("&")}`;
    put(many.querySelector("span"), many.dataset.words.replace("%s", chosen.length));
  };
  document.addEventListener("change", (e) => {
    if (!e.target.matches('tr[data-line] input[type="checkbox"]')) return;
    if (e.target.checked === e.target.defaultChecked && !e.target.checked) ticks.delete(e.target.value); else ticks.set(e.target.value, e.target.checked);
    count();
  });
  document.addEventListener("htmx:after:request", (e) => {
    const { response, sourceElement } = e.detail.ctx;
    if (response?.status === 204 && /\/ask\?|\/approve$/.test(sourceElement?.getAttribute?.("hx-post") || "")) ticks.clear();
  });

  // The parts of a split.
  const NUMBER = /^([-−+]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;
  const minor = (text, places) => {
    const found = NUMBER.exec(text.trim());
    if (!found || (found[3] || "").length > places) return null;
    const value = BigInt(found[2].replaceAll(",", "") + (found[3] || "").padEnd(places, "0"));
    return /[-−]/.test(found[1]) ? -value : value;
  };
  const said = (value, places) => {
    const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
    return (value < 0n ? "−" : "") + (places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits);
  };
  // "60%" is a share of the whole; what no share names is one more part. Cents left over go to the largest remainders.
  const SHARE = /^(\d{1,3})(?:[.,](\d{1,2}))?\s?%$/, WHOLE = 10000n;
  const share = (text) => { const found = SHARE.exec(text.trim()); return found && BigInt(found[1] + (found[2] || "").padEnd(2, "0")); };
  const shares = (form, but) => {
    const whole = BigInt(form.dataset.whole), fields = [...form.querySelectorAll('[name^="amount-"]')].filter((field) => field !== but && share(field.value));
    const cut = fields.map((field) => share(field.value)), rest = WHOLE - cut.reduce((sum, each) => sum + each, 0n);
    if (rest < 0n || !fields.length) return new Map();
    if (rest) cut.push(rest);
    const parts = cut.map((each) => (whole * each) / WHOLE);
    let over = whole - parts.reduce((sum, each) => sum + each, 0n);
    cut.map((each, at) => [(whole * each) % WHOLE, at]).sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] > b[0] ? -1 : 1)).forEach(([, at]) => { if (over > 0n) { parts[at] += 1n; over -= 1n; } });
    return new Map(fields.map((field, at) => [field, parts[at]]));
  };
  const left = (form, but) => {
    const places = Number(form.dataset.split), cut = shares(form, but);
    return [...form.querySelectorAll('[name^="amount-"]')].reduce((sum, field) => sum - (field === but ? 0n : cut.get(field) ?? minor(field.value, places) ?? 0n), BigInt(form.dataset.whole));
  };
  document.addEventListener("input", (e) => {
    const form = e.target.closest?.("form[data-split]");
    if (!form) return;
    const places = Number(form.dataset.split);
    if (e.target.value.trim() === "=") e.target.value = said(left(form, e.target), places);
    const cut = shares(form);
    for (const field of form.querySelectorAll('[name^="amount-"]')) field.nextElementSibling.textContent = cut.has(field) ? said(cut.get(field), places) : "";
    const off = left(form), line = form.querySelector("[data-left]");
    line.textContent = off === 0n ? line.dataset.even : line.dataset.words.replace("%s", said(off, places));
    line.toggleAttribute("data-even-now", off === 0n);
    const row = e.target.closest("tr");
    if (row?.nextElementSibling?.hidden && e.target.value) row.nextElementSibling.hidden = false;
    ready();
  });
  ready();
  count();
  if (opened() && narrow()) panel()?.querySelector("h2")?.focus({ preventScroll: true });
})();

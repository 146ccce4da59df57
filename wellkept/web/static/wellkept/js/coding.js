// Coding by keyboard. The row under the keyboard shows its choices beside the list (on a narrow screen in its place);
// what is decided leaves the list and the next row follows at once, its choices come with the answer itself.
//   tr[data-line]            a row; its link carries data-panel, the address of its choices
//   form[data-decides]       decides the line at hand; its field "next" tells the server which line follows
//   [data-code]              takes the first choice (Enter)       [data-approve]  counts the rows that are ticked
//   [data-ask-many]          asks about the rows ticked by hand   [data-to-list]  back from the line on a narrow screen
//   form[data-split]         parts of a whole: what is left runs along, "=" fills it in
(() => {
  "use strict";
  const wk = window.wellkept, MOST_AHEAD = 5;
  const panel = () => document.getElementById("line-at-hand");
  const list = () => document.querySelector(".code[data-lines]");
  const rows = () => [...document.querySelectorAll("tr[data-line]:not([data-gone])")];
  const current = () => document.querySelector('tr[data-line][aria-current="true"]');
  const beside = (row) => { const all = rows(), at = all.indexOf(row); return all[at + 1] || all[at - 1] || null; };
  const narrow = () => !!list() && getComputedStyle(list()).getPropertyValue("--narrow").trim() === "1";
  const opened = () => list()?.hasAttribute("data-opened");

  let waiting = 0, asked = "";
  const show = async (row) => {
    const link = row.querySelector("[data-panel]");
    if (!link || panel()?.dataset.line === row.dataset.line) return;
    asked = row.dataset.line;
    const answer = await wk.send(link.dataset.panel);
    if (!answer.ok || asked !== row.dataset.line) return;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    panel().replaceWith(box.content);
    window.htmx?.process(panel());
    ready();
    say();
    again();
    if (!narrow() || opened()) history.replaceState(history.state, "", link.href);
  };
  const say = () => {
    const said = document.getElementById("coding-said");
    if (said && panel()?.dataset.said) said.textContent = panel().dataset.said;
  };
  const none = () => {
    const empty = document.getElementById("no-line");
    if (empty && panel()?.dataset.line) panel().replaceWith(empty.content.cloneNode(true));
  };
  const settle = (row) => {
    if (!row) return;
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

  // Keys pressed while an answer travels are kept in order, a few of them, and each takes the line that came up for it.
  let ahead = [];
  const take = (rank) => {
    const button = panel()?.querySelector(`form[data-decides] [name="rank"][value="${rank}"]`);
    if (button) { ready(); button.form.requestSubmit(button); } else ahead = [];
  };
  const onward = () => {
    ready();
    if (ahead.length && !document.querySelector("form[data-busy]") && !stale()) take(ahead.shift());
  };
  // The row has moved on and its choices are on their way: what is pressed now is meant for that row, and waits for them.
  const stale = () => !!list() && !!current() && panel()?.dataset.line !== current().dataset.line;
  const NOT_OF_THE_LINE = "jkxgz?A";
  let held = [];
  const again = () => {
    const keys = held;
    held = [];
    for (const key of keys) (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    onward();
  };
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const over = document.querySelector("dialog[open], :popover-open");
    if (e.key === "Escape" && !over && !wk.typing()) {
      ahead = []; held = [];
      if (opened() && narrow()) { e.preventDefault(); back(); }
      return;
    }
    const ofLine = e.key === "Enter" || (e.key.length === 1 && e.key !== " " && !NOT_OF_THE_LINE.includes(e.key));
    if (ofLine && !over && !wk.typing() && stale() && !document.querySelector("form[data-busy]")) {
      e.preventDefault(); e.stopPropagation();
      if (held.length < MOST_AHEAD) held.push(e.key);
      show(current());
      return;
    }
    if (e.key !== "Enter" || e.shiftKey || over || document.documentElement.dataset.shortcuts === "off") return;
    const on = document.activeElement;
    if (wk.typing() || on?.closest?.("button, summary, a:not([data-open])") || !panel()?.querySelector("[data-first]")) return;
    e.preventDefault();
    take("1");
  }, true);
  document.addEventListener("submit", (e) => {
    const form = e.target.closest("form[data-decides]");
    if (!form) return;
    if (document.querySelector("form[data-busy]")) {
      e.preventDefault(); e.stopImmediatePropagation();
      if (e.submitter?.name === "rank" && ahead.length < MOST_AHEAD) ahead.push(e.submitter.value);
      return;
    }
    form.dataset.busy = "1";
    setTimeout(() => { delete form.dataset.busy; }, 8000);
  }, true);
  const over = () => { ahead = []; document.querySelectorAll("form[data-busy]").forEach((form) => { delete form.dataset.busy; }); };
  document.addEventListener("refused", over);
  document.addEventListener("htmx:error", over);
  document.addEventListener("htmx:response:error", over);

  document.addEventListener("coded", (e) => {
    const gone = e.detail.gone.map(String), row = current();
    const all = rows(), at = all.indexOf(row);
    const next = all.slice(at + 1).find((r) => !gone.includes(r.dataset.line)) || all.slice(0, Math.max(at, 0)).reverse().find((r) => !gone.includes(r.dataset.line));
    document.querySelectorAll("dialog[open]").forEach((d) => d.close());
    if (!list()) { setTimeout(() => location.reload(), 600); return; }
    for (const each of all) if (gone.includes(each.dataset.line)) each.remove();
    settle(next || null);
    count();
    setTimeout(() => {
      ready();
      if (next) show(next); else none();
      onward();
      if (opened() && narrow()) { panel().scrollIntoView({ block: "start" }); panel().querySelector("h2")?.focus({ preventScroll: true }); }
      say();
      document.dispatchEvent(new CustomEvent("refresh", { detail: { ids: next ? ["coding-proof"] : ["coding-proof", "undecided-list"] } }));
    }, 0);
  });
  for (const name of ["htmx:after:swap", "htmx:after:settle"]) document.addEventListener(name, onward);

  // What I did myself shows at once; what others did to the list waits until nothing moves under the hand.
  let mine = false;
  document.addEventListener("refresh", (e) => { if ((e.detail.ids || []).some((id) => id.startsWith("undecided-"))) mine = true; });
  // A list that was read again keeps its place: the row whose choices stand beside it, else the first; and what is ticked.
  const ticks = new Map();
  document.addEventListener("fresh", (e) => {
    if (!list() || !e.detail?.el?.closest?.("#undecided-list")) return;
    if (mine && e.detail.el.id === "undecided-list") {
      mine = false;
      const more = document.querySelector("[data-lines] .newrows");
      if (more) { more.click(); return; }
      document.querySelectorAll("tr[data-line][data-gone]").forEach((row) => row.remove());
    }
    document.querySelectorAll("tr[data-gone] input").forEach((box) => { box.checked = false; box.disabled = true; });
    for (const box of boxes()) if (ticks.has(box.value)) box.checked = ticks.get(box.value);
    const all = rows(), here = all.find((r) => r.dataset.line === panel()?.dataset.line) || current() || all[0];
    for (const row of document.querySelectorAll("tr[data-line][aria-current]")) if (row !== here) row.removeAttribute("aria-current");
    here?.setAttribute("aria-current", "true");
    if (here && document.activeElement === document.body) here.querySelector("[data-open]")?.focus({ preventScroll: true });
    if (here) show(here); else none();
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
  const left = (form, but) => {
    const places = Number(form.dataset.split);
    return [...form.querySelectorAll('[name^="amount-"]')].reduce((sum, field) => sum - (field === but ? 0n : minor(field.value, places) ?? 0n), BigInt(form.dataset.whole));
  };
  document.addEventListener("input", (e) => {
    const form = e.target.closest?.("form[data-split]");
    if (!form) return;
    const places = Number(form.dataset.split);
    if (e.target.value.trim() === "=") e.target.value = said(left(form, e.target), places);
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

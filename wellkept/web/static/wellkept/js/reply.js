// Answering: Send waits for what is missing, notes complete names after @, files are counted before they travel,
// and colleagues see who has the conversation open or is typing in it.
(() => {
  "use strict";
  const wk = window.wellkept;
  const reply = () => document.getElementById("reply");
  const conv = () => document.querySelector(".conv[data-conversation]");

  // ---- the newest message this person has had before them; an answer says so, and is refused where somebody wrote since
  let sight = null, dwell = 0, ask = false;
  const saw = () => {
    const field = reply()?.elements.seen, newest = Number(document.getElementById("thread")?.dataset.newest);
    if (field && newest > Number(field.value)) field.value = String(newest);
  };
  const lastly = () => [...document.querySelectorAll("#thread .msg")].pop();
  const watch = () => {
    const last = lastly();
    sight?.disconnect();
    clearTimeout(dwell);
    if (!last || !reply()) return;
    sight = new IntersectionObserver((entries) => {
      clearTimeout(dwell);
      if (entries.at(-1).isIntersecting) dwell = setTimeout(() => { if (!document.hidden) saw(); }, 1000);
    });
    sight.observe(last);
  };
  document.addEventListener("fresh", (e) => {
    if (e.detail?.el?.id !== "thread") return;
    if (ask) { ask = false; lastly()?.scrollIntoView({ block: "nearest" }); saw(); }
    watch();
  });
  document.addEventListener("visibilitychange", () => !document.hidden && watch());

  // ---- what Send still needs, in the order a person would do it
  const FIELD = /\{\{?\s*[A-Za-z][\w .-]{0,60}?\s*\}\}?|\[\s*fill\s+in\b[^\]\n]{0,80}\]/gi;
  const lacks = (form) => {
    const follow = form.querySelector("[name=follow_up]:checked")?.value || "";
    const words = form.querySelector("[name=follow_words]"), waits = form.querySelector("[name=waiting_for]"), to = form.querySelector("[name=to]");
    if (to && !to.value.trim()) return ["needTo", "#reply-to"];
    if (!form.elements.text.value.trim()) return ["needText", "#reply-text"];
    if (form.elements.text.value.match(FIELD)) return ["needFill", "#reply-text"];
    if (!follow) return ["needTime", "#follow-first"];
    if (follow === "words" && (!words.value.trim() || words.getAttribute("aria-invalid"))) return ["needWhen", "#follow-words"];
    if (follow === "waiting" && !waits.value.trim()) return ["needWhat", "#follow-waiting"];
    const back = form.querySelector("[name=back_words]");
    if (follow === "waiting" && (back.getAttribute("aria-invalid") || (back.hasAttribute("data-wanted") && !back.value.trim()))) return ["needWhen", "#follow-back"];
    return null;
  };
  const check = () => {
    const form = reply(), send = form?.querySelector("[data-send]"), need = document.getElementById("need");
    if (!form || !send) return;
    const missing = lacks(form), follow = form.querySelector("[name=follow_up]:checked");
    const kind = (follow?.value || "").split(":")[0];
    form.querySelectorAll("[data-for]").forEach((el) => { el.hidden = !el.dataset.for.split(" ").includes(kind); });
    const said = missing ? send.dataset[missing[0]] : follow?.dataset.said || send.dataset.ready;
    if (need.textContent !== said) need.textContent = said;
    if (missing) { send.setAttribute("aria-disabled", "true"); send.dataset.missing = missing[1]; } else { send.removeAttribute("aria-disabled"); delete send.dataset.missing; }
    const left = [...new Set(form.elements.text.value.match(FIELD) || [])], warn = document.getElementById("reply-unfilled");
    warn.hidden = !left.length;
    if (left.length) warn.textContent = `${send.dataset.needFill}: ${left.join(" ")}`;
  };
  // A time that comes with a draft is read again: what was "in 3 hours" yesterday has passed.
  const reread = () => {
    const form = reply(), words = form?.querySelector("[name=follow_up][value=words]:checked") && form.querySelector("[name=follow_words]");
    if (!words?.value || words.dataset.at) return;
    words.dispatchEvent(new Event("input", { bubbles: true }));
    form.dataset.saved = form.dataset.typed;
  };
  const mode = (name, focus) => {
    const box = document.getElementById("answer");
    if (!box) return;
    box.querySelectorAll("[data-mode]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.mode === name)));
    box.querySelectorAll("form").forEach((f) => { f.hidden = f.id !== name; });
    if (focus) { const text = box.querySelector(`#${name} textarea`); text?.focus(); text?.setSelectionRange(text.value.length, text.value.length); }
  };

  // ---- files: named and weighed before they travel
  const weigh = (bytes) => bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
  const picked = (input) => {
    const list = document.getElementById("picked"), label = input.closest("[data-limit]"), limit = Number(label.dataset.limit);
    const good = new DataTransfer();
    let refused = false;
    for (const file of input.files) if (file.size > limit) refused = true; else good.items.add(file);
    if (refused) wk.toast(label.dataset.limitSaid, { state: "broken" });
    input.files = good.files;
    list.replaceChildren(...[...input.files].map((file, i) => {
      const item = document.createElement("li"), name = document.createElement("span"), heavy = document.createElement("span"), out = document.createElement("button");
      item.className = "file"; name.className = "cut"; name.textContent = file.name;
      heavy.className = "faint xs nw"; heavy.textContent = weigh(file.size);
      out.type = "button"; out.className = "btn quiet s icon"; out.dataset.drop = String(i); out.textContent = "×"; out.setAttribute("aria-label", `× ${file.name}`);
      item.append(name, heavy, out);
      return item;
    }));
  };
  const drop = (index) => {
    const input = reply().querySelector("input[type=file]"), rest = new DataTransfer();
    [...input.files].forEach((file, i) => i !== index && rest.items.add(file));
    input.files = rest.files;
    picked(input);
  };

  // ---- @ and a name
  let names = null;
  const word = (area) => /(?:^|\s)@([^\s@][^@\n]{0,30})?$/.exec(area.value.slice(0, area.selectionStart));
  const offer = async (area) => {
    const box = document.getElementById("mentions"), found = word(area);
    if (!found) { box.hidden = true; return; }
    names ??= wk.send(area.dataset.mentions).then((a) => a.json());
    const typed = (found[1] || "").toLowerCase(), fit = (await names).filter((n) => n.name.toLowerCase().split(" ").some((p) => p.startsWith(typed)) || n.name.toLowerCase().startsWith(typed)).slice(0, 6);
    if (!word(area)) { box.hidden = true; return; }
    box.hidden = !fit.length || fit.some((n) => n.name.toLowerCase() === typed);
    box.replaceChildren(...fit.map((n, i) => {
      const el = document.createElement("button");
      el.type = "button"; el.className = "mi"; el.role = "option"; el.id = `mention-${i}`; el.dataset.name = n.name; el.tabIndex = -1;
      el.setAttribute("aria-selected", String(i === 0)); el.textContent = n.name;
      return el;
    }));
    area.setAttribute("aria-activedescendant", box.hidden ? "" : "mention-0");
  };
  const put = (area, name) => {
    const found = word(area), end = area.selectionStart, start = end - (found[1] || "").length;
    area.setRangeText(`${name} `, start, end, "end");
    document.getElementById("mentions").hidden = true;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
  const steer = (e, area) => {
    const box = document.getElementById("mentions");
    if (!box || box.hidden) return;
    const all = [...box.children], at = all.findIndex((el) => el.getAttribute("aria-selected") === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      const to = (at + (e.key === "ArrowDown" ? 1 : all.length - 1)) % all.length;
      all.forEach((el, i) => el.setAttribute("aria-selected", String(i === to)));
      area.setAttribute("aria-activedescendant", all[to].id);
    } else if ((e.key === "Enter" && !e.ctrlKey && !e.metaKey) || e.key === "Tab") put(area, all[at].dataset.name);
    else if (e.key === "Escape") box.hidden = true;
    else return;
    e.preventDefault(); e.stopPropagation();
  };

  // ---- who else is here
  let told = -1e9, typed = -1e9;
  const look = (typing) => {
    const pane = conv(), now = performance.now();
    if (!pane || document.hidden) return;
    if (typing ? now - typed < 5000 : now - told < 20000) return;
    if (typing) typed = now;
    told = now;
    const form = new FormData();
    if (typing) form.set("typing", "1");
    wk.send(pane.dataset.look, { method: "POST", form }).then(async (answer) => {
      const place = document.getElementById("lookers");
      if (answer.status !== 200 || !place) return;
      const box = document.createElement("template");
      box.innerHTML = await answer.text();
      if (box.content.firstElementChild && place.textContent.trim() !== box.content.textContent.trim()) place.replaceWith(box.content.firstElementChild);
    }).catch(() => {});
  };
  const gone = () => {
    const pane = conv(), form = new FormData();
    form.set("gone", "1");
    if (pane) wk.send(pane.dataset.look, { method: "POST", form, keepalive: true }).catch(() => {});
  };
  setInterval(() => look(false), 25000);
  addEventListener("pagehide", gone);
  document.addEventListener("visibilitychange", () => look(false));

  document.addEventListener("input", (e) => {
    if (e.target.matches("#reply textarea, #note textarea")) look(true);
    if (e.target.closest("#reply")) check();
    if (e.target.matches("[data-mentions]")) offer(e.target);
  });
  document.addEventListener("change", (e) => {
    if (e.target.matches("#reply input[type=file]")) picked(e.target);
    if (e.target.matches("#reply [name=follow_up]")) {
      check();
      const form = reply(), field = { words: "#follow-words", waiting: "#follow-waiting" }[e.target.value];
      if (field && form.contains(document.activeElement) && e.target.matches(":hover, :active")) document.querySelector(field).focus();
    }
  });
  document.addEventListener("when", check);
  document.addEventListener("click", (e) => {
    const as = e.target.closest("[data-mode]"), gone = e.target.closest("[data-drop]"), named = e.target.closest("#mentions [data-name]"), text = e.target.closest("[data-puts]");
    if (as) mode(as.dataset.mode, true);
    if (gone) drop(Number(gone.dataset.drop));
    if (named) put(document.querySelector("[data-mentions]"), named.dataset.name);
    if (text) insert(text, e);
  });
  document.addEventListener("keydown", (e) => { if (e.target.matches?.("[data-mentions]")) steer(e, e.target); }, true);
  document.addEventListener("focusout", (e) => { if (e.target.matches?.("[data-mentions]")) setTimeout(() => { const box = document.getElementById("mentions"); if (box) box.hidden = true; }, 150); });

  // Esc leaves the answer before it leaves the conversation; what was written is kept.
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || e.defaultPrevented || !document.activeElement?.closest?.("#answer")) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    e.preventDefault(); e.stopPropagation();
    document.getElementById("thread")?.focus({ preventScroll: true });
  }, true);

  // ---- a template, filled by the server, lands where the writing stopped
  const insert = async (link, e) => {
    if (e.ctrlKey || e.metaKey || !reply()) return;
    e.preventDefault();
    const answer = await wk.send(link.href);
    if (!answer.ok) return;
    const { text } = await answer.json(), area = document.getElementById("reply-text");
    link.closest("dialog")?.close();
    mode("reply", true);
    const before = area.value.slice(0, area.selectionStart);
    area.setRangeText((before && !before.endsWith("\n") ? "\n" : "") + text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    const blank = FIELD.exec(area.value);
    FIELD.lastIndex = 0;
    if (blank) area.setSelectionRange(blank.index, blank.index + blank[0].length);
  };

  // After sending, the hands are back on the thread.
  // What is being sent is no draft any more; what was refused is one again.
  document.addEventListener("htmx:before:request", (e) => { if (e.target.matches?.("#reply, #note")) e.target.dataset.saved = e.target.dataset.typed || ""; });
  document.addEventListener("refused", (e) => {
    ask = e.detail.field === "seen";
    if (ask) document.body.dispatchEvent(new CustomEvent("refresh", { bubbles: true, detail: { ids: ["thread", "conv-head", "owed"] } }));
  });
  document.addEventListener("refused", () => { for (const form of document.querySelectorAll("#reply, #note")) delete form.dataset.saved; check(); });
  document.addEventListener("htmx:after:swap", () => { check(); });
  document.addEventListener("htmx:after:request", (e) => {
    const { response, sourceElement } = e.detail.ctx;
    if (response?.status === 200 && sourceElement?.matches?.("#reply, #note")) setTimeout(() => { check(); document.getElementById("thread")?.focus({ preventScroll: true }); }, 60);
  });
  document.addEventListener("opened", () => { told = -1e9; check(); reread(); look(false); watch(); });
  watch();
  check();
  reread();
  look(false);
})();

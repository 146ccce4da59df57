// The journal and the budget by keyboard.
//   <form data-journal data-places="2">  lines of an entry: the difference runs along; "=" in an amount fills it in;
//                                        Enter goes to the next field; the last line makes another one below it
//   <table data-sheet>                   cells pasted from a spreadsheet fill the fields from here on; arrows walk
//   data-print                           prints the page
(() => {
  "use strict";
  const NUMBER = /^([-−+]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(k?)$/;
  // Minor units of what was typed; null when it is no amount. Whole numbers only: cents are never halves.
  const minor = (text, places) => {
    const found = NUMBER.exec(text.trim());
    if (!found) return text.trim() ? null : 0n;
    const [, sign, whole, part = "", thousand] = found, size = places + (thousand ? 3 : 0);
    const cut = part.replace(/0+$/, "");
    if (cut.length > size) return null;
    const value = BigInt(whole.replaceAll(",", "") + cut.padEnd(size, "0"));
    return sign === "-" || sign === "−" ? -value : value;
  };
  const text = (value, places, group) => {
    const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
    const whole = places ? digits.slice(0, -places) : digits, part = places ? "." + digits.slice(-places) : "";
    return (value < 0n ? "−" : "") + (group ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole) + part;
  };
  const sum = (form, side) => [...form.querySelectorAll(`[data-side="${side}"]`)].reduce((total, field) => {
    const value = minor(field.value, Number(form.dataset.places));
    field.toggleAttribute("aria-invalid", value === null);
    return total + (value ?? 0n);
  }, 0n);
  const recount = (form) => {
    const places = Number(form.dataset.places), debit = sum(form, "debit"), credit = sum(form, "credit");
    form.querySelector("[data-sum=debit]").textContent = text(debit, places, true);
    form.querySelector("[data-sum=credit]").textContent = text(credit, places, true);
    const said = form.querySelector("[data-difference]"), off = debit - credit;
    said.textContent = off === 0n ? said.dataset.even : said.dataset.off.replace("%s", text(off < 0n ? -off : off, places, true));
    for (const total of form.querySelectorAll("[data-sum]")) total.classList.toggle("double", off === 0n && debit !== 0n);
    return off;
  };
  const grow = (form) => {
    const rows = form.querySelectorAll("[data-line]"), last = rows[rows.length - 1];
    if (rows.length >= Number(form.dataset.most)) return;
    const next = last.cloneNode(true);
    for (const field of next.querySelectorAll("input, select")) {
      field.name = field.name.replace(/-\d+$/, `-${rows.length}`);
      field.id = field.id && field.id.replace(/-\d+$/, `-${rows.length}`);
      field.value = "";
    }
    for (const label of next.querySelectorAll("[aria-label]")) label.setAttribute("aria-label", label.getAttribute("aria-label").replace(/\d+/, String(rows.length + 1)));
    last.after(next);
  };
  const fill = (form, field) => {
    field.value = "";
    const off = recount(form), mine = field.dataset.side === "debit" ? -off : off;
    if (mine > 0n) field.value = text(mine, Number(form.dataset.places), false);
  };
  const next = (form, field) => {
    const fields = [...form.querySelectorAll("[data-line] input, [data-line] select")];
    fields[fields.indexOf(field) + 1]?.focus();
  };
  document.addEventListener("input", (e) => {
    const form = e.target.closest("form[data-journal]");
    if (!form) return;
    if (e.target.dataset.side && e.target.value.trim() === "=") fill(form, e.target);
    const rows = form.querySelectorAll("[data-line]");
    if (rows[rows.length - 1].contains(e.target) && e.target.value) grow(form);
    recount(form);
  });
  document.addEventListener("keydown", (e) => {
    const field = e.target;
    if (e.key === "Enter" && !e.ctrlKey && !e.metaKey && field.closest?.("[data-line]")) {
      e.preventDefault();
      next(field.closest("form"), field);
    }
    const sheet = field.closest?.("table[data-sheet]");
    if (!sheet || !["ArrowUp", "ArrowDown", "Enter"].includes(e.key) || e.ctrlKey || e.metaKey) return;
    const row = field.closest("tr"), place = [...row.querySelectorAll("input")].indexOf(field);
    const other = e.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    e.preventDefault();
    other?.querySelectorAll("input")[place]?.select();
  });
  document.addEventListener("paste", (e) => {
    const sheet = e.target.closest?.("table[data-sheet]"), pasted = e.clipboardData?.getData("text/plain") || "";
    if (!sheet || !/[\t\n]/.test(pasted.trimEnd())) return;
    e.preventDefault();
    const rows = [...sheet.querySelectorAll("tbody tr")].filter((row) => row.querySelector("input"));
    const from = rows.indexOf(e.target.closest("tr")), left = [...rows[from].querySelectorAll("input")].indexOf(e.target);
    pasted.replace(/\r/g, "").trimEnd().split("\n").forEach((line, down) => {
      line.split("\t").forEach((cell, across) => {
        const field = rows[from + down]?.querySelectorAll("input")[left + across];
        if (field) field.value = cell.trim().replace(/^[^\d−+-]+/, "");
      });
    });
  });
  document.addEventListener("click", (e) => { if (e.target.closest("[data-print]")) print(); });
  document.querySelectorAll("form[data-journal]").forEach(recount);
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });   // a phone shows four of twelve
})();

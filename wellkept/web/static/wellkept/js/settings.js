// Settings forms.
//   data-zone            an empty time zone field starts with the zone of the browser
//   data-check-all="…"   a checkbox that sets every checkbox named so
//   data-adds="#id"      a button that adds a line made from a <template>; data-removes takes its line away
//   data-lines="24"      at most so many lines
(() => {
  "use strict";
  document.querySelectorAll("[data-zone]").forEach((input) => {
    if (!input.value) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  });
  document.addEventListener("change", (e) => {
    const all = e.target.closest("[data-check-all]");
    if (all) all.form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(all.dataset.checkAll)}"]`).forEach((box) => { box.checked = all.checked; });
  });
  document.addEventListener("click", (e) => {
    const adds = e.target.closest("[data-adds]"), removes = e.target.closest("[data-removes]");
    if (adds) {
      const template = document.querySelector(adds.dataset.adds), place = document.querySelector(adds.dataset.to);
      const line = template.content.firstElementChild.cloneNode(true);
      place.append(line);
      line.querySelector("input,select")?.focus();
    }
    if (removes) {
      const line = removes.closest("[data-line]"), next = line.nextElementSibling || line.previousElementSibling;
      line.remove();
      next?.querySelector("input,select,button")?.focus();
    }
  });
})();

// Files dropped or chosen leave at once, with a bar while they travel: <form data-drop> with one file field. What is
// dropped anywhere on the page goes to the first such form.
(() => {
  "use strict";
  const wk = window.wellkept, forms = [...document.querySelectorAll("form[data-drop]")], form = forms[0];
  if (!form) return;
  const file = (of) => of.querySelector('input[type="file"]');
  const send = (from) => {
    const field = file(from), bar = from.querySelector("progress");
    if (!field.files.length) return;
    const call = new XMLHttpRequest();
    wk.asked = from;
    call.open("POST", from.action);
    call.setRequestHeader("HX-Request", "true");
    call.setRequestHeader("X-CSRFToken", wk.csrf());
    call.upload.addEventListener("progress", (e) => { if (e.lengthComputable) { bar.hidden = false; bar.value = (e.loaded / e.total) * 100; } });
    call.addEventListener("load", () => {
      bar.hidden = true;
      wk.heed(call.getResponseHeader("HX-Trigger"));
      const to = call.getResponseHeader("HX-Redirect");
      if (to) location.href = to;
      else if (call.status >= 500) wk.toast(document.body.dataset.wordFailed, { state: "broken" });
    });
    call.addEventListener("error", () => { bar.hidden = true; wk.toast(document.body.dataset.wordOffline, { state: "risk" }); });
    call.send(new FormData(from));
    field.value = "";
  };
  forms.forEach((each) => file(each).addEventListener("change", () => send(each)));
  const over = (on) => form.toggleAttribute("data-over", on);
  document.addEventListener("dragover", (e) => { if (e.dataTransfer?.types.includes("Files")) { e.preventDefault(); over(true); } });
  document.addEventListener("dragleave", (e) => { if (!e.relatedTarget) over(false); });
  document.addEventListener("drop", (e) => {
    if (!e.dataTransfer?.files.length) return;
    e.preventDefault(); over(false);
    file(form).files = e.dataTransfer.files;
    send(form);
  });
})();

// Passkeys: <form data-passkey="get|create"> asks the device before it is sent and puts its answer into `credential`.
//   data-passkey-from="/address"   where the options are asked for      data-passkey-data="id"   or the element that holds them
//   data-word-failed="…"           said in the form's refusal when the device gives nothing
(() => {
  "use strict";
  const options = async (form) => {
    if (form.dataset.passkeyData) return JSON.parse(document.getElementById(form.dataset.passkeyData).textContent);
    const answer = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const create = (form, given) => {
    const asked = structuredClone(given.creation_options), chosen = asked.publicKey.authenticatorSelection ??= {};
    const alone = form.elements.passwordless?.checked;
    chosen.residentKey = alone ? "required" : "discouraged";
    chosen.requireResidentKey = !!alone;
    if (alone) chosen.userVerification = "required";
    return webauthnJSON.create(asked);
  };
  const say = (form) => {
    const place = form.querySelector("[data-refusal]");
    place.querySelector("p").textContent = form.dataset.wordFailed;
    place.hidden = false;
  };
  document.addEventListener("submit", async (e) => {
    const form = e.target.closest("form[data-passkey]");
    if (!form || form.elements.credential.value) return;
    e.preventDefault();
    form.querySelector("[data-refusal]").hidden = true;
    try {
      const given = await options(form);
      const credential = form.dataset.passkey === "create" ? await create(form, given) : await webauthnJSON.get(given.request_options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch { say(form); }
  }, true);
})();

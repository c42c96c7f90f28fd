// Passkeys: shows what needs this browser's help, and says in plain words when it did not work.
// The ceremony itself is done by the login library's own files; without them nothing here is shown.

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const words = document.querySelector("template[data-passkey-failed]");
  const main = document.getElementById("main");
  if (!words || !main) return;
  main.querySelector(":scope > [data-passkey-said]")?.remove();
  const said = words.content.firstElementChild.cloneNode(true);
  said.dataset.passkeySaid = "";
  said.tabIndex = -1;
  main.prepend(said);
  said.focus();
});

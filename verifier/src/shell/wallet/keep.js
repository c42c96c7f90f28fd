// The page on which somebody says that the phone is theirs: takes the cards, keeps them, and opens the page that shows them.

import { SCOPE, forget, keep } from "./store.js";

const form = document.querySelector("form[data-keep]");
const said = document.querySelector("[data-keep-said]");

if (form instanceof HTMLFormElement && "serviceWorker" in navigator && globalThis.isSecureContext) {
  form.hidden = false;
  document.querySelector("[data-keep-cannot]")?.setAttribute("hidden", "");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.reportValidity()) take(form);
  });
}

/** @param {HTMLFormElement} asking */
async function take(asking) {
  say("busy");
  try {
    const answer = await fetch(asking.action, { method: "POST", body: new FormData(asking), redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const wallet = await answer.json();
    // Whoever kept cards here before has them no longer, whatever happens next.
    await forget();
    await keep(wallet);
    await kept(await navigator.serviceWorker.register(`${SCOPE}service.js`, { scope: SCOPE, updateViaCache: "none" }));
    location.assign(SCOPE);
  } catch {
    await forget().catch(() => undefined);
    say("failed");
  }
}

/** Wait until the page is whole on this phone; throws where it could not be kept. @param {ServiceWorkerRegistration} found */
async function kept(found) {
  const coming = found.installing ?? found.waiting;
  if (!coming) return;
  await new Promise((done, fail) => {
    const look = () => {
      if (coming.state === "activated") done(undefined);
      if (coming.state === "redundant") fail(new Error("not kept"));
    };
    coming.addEventListener("statechange", look);
    look();
  });
}

/** @param {string} what */
function say(what) {
  if (said instanceof HTMLElement) said.textContent = said.dataset[what] ?? "";
}

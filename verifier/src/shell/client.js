// What a page knows of its service worker: that it is there, that a new edition waits, and how to take it.
//
// A page decides when: `useNewEdition` reloads it, so it is called between two people.  In another tab of the same
// folder nothing is reloaded; it is told the same, and decides for itself.

import { USE } from "./words.js";

const SERVICE = "service.js";

/** @type {(() => void)[]} */
const waiting = [];
let isThere = false;
let asked = false;
/** @type {ServiceWorkerRegistration | null} */
let registration = null;

/**
 * Have the folder kept for when there is no network; `null` where a browser or an address cannot do it.
 *
 * `<html data-kept>` says that the page is kept and will open without a network.
 * @returns {Promise<ServiceWorkerRegistration | null>}
 */
export async function register() {
  const workers = "serviceWorker" in navigator ? navigator.serviceWorker : null;
  if (!workers || !globalThis.isSecureContext) return null;
  let had = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    told();
    // The first one takes charge of a page that is its own edition already.
    if (had) changed();
    had = true;
  });
  try {
    registration = await workers.register(new URL(SERVICE, document.baseURI), { updateViaCache: "none" });
  } catch {
    return null; // such as a window that keeps nothing, or a policy of the house
  }
  watch(registration);
  told();
  return registration;
}

/** Ask the server whether there is a new edition; where nobody answers, there is none. */
export async function lookForNewEdition() {
  await registration?.update().catch(() => undefined);
}

/** Be told, once for each, that a new edition waits; at once where one does. @param {() => void} callback */
export function onNewEdition(callback) {
  waiting.push(callback);
  if (isThere) callback();
}

/** Take the new edition and reload; does nothing where none waits. */
export function useNewEdition() {
  if (!isThere) return;
  asked = true;
  const next = registration?.waiting;
  // Without one another tab took it already.
  if (next) next.postMessage(USE);
  else location.reload();
}

function told() {
  if (navigator.serviceWorker.controller) document.documentElement.dataset.kept = "";
}

function changed() {
  if (asked) location.reload();
  else announce();
}

function announce() {
  isThere = true;
  for (const callback of waiting) callback();
}

/** @param {ServiceWorkerRegistration} found */
function watch(found) {
  if (found.waiting && navigator.serviceWorker.controller) announce();
  found.addEventListener("updatefound", () => {
    const coming = found.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) announce();
    });
  });
}

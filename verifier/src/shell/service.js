// The service worker of the verifier: the folder opens and works with the cable out.
//
// Responsible for the folder's own files, kept edition by edition, and for the four files of data.  Leaves everything
// else to the network, and keeps nothing of it.  A new edition waits until the page says that nobody is being checked.

import { Data } from "./data.js";
import { Edition } from "./edition.js";
import { USE } from "./words.js";

/**
 * What is used of a service worker's surroundings.
 * @typedef {Event & { waitUntil(done: Promise<unknown>): void }} LastingEvent
 * @typedef {LastingEvent & { request: Request, respondWith(answer: Promise<Response>): void }} AskedEvent
 * @typedef {{ registration: { scope: string }, clients: { claim(): Promise<void> }, skipWaiting(): Promise<void>,
 *   addEventListener(name: string, deed: (event: any) => void): void }} Surroundings
 */
const here = /** @type {Surroundings} */ (/** @type {unknown} */ (globalThis));

const NAME = "huxin-verifier";
const DATA = ["data/setup.json", "data/list.bundle", "data/rules.json", "data/words.json"];

const scope = here.registration.scope;
const edition = new Edition({ name: NAME, scope, edition: __EDITION__, files: __FILES__ });
const data = new Data(`${edition.begin}data`, scope, DATA);

here.addEventListener("install", (/** @type {LastingEvent} */ event) => {
  event.waitUntil(edition.keep().then(() => data.keep()));
});

here.addEventListener("activate", (/** @type {LastingEvent} */ event) => {
  event.waitUntil(edition.dropOthers().then(() => here.clients.claim()));
});

here.addEventListener("message", (/** @type {MessageEvent & LastingEvent} */ event) => {
  if (event.data === USE) event.waitUntil(here.skipWaiting());
});

here.addEventListener("fetch", (/** @type {AskedEvent} */ event) => {
  const { method, url } = event.request;
  if (method !== "GET") return;
  const name = edition.named(url);
  if (name !== null) event.respondWith(edition.file(name));
  else if (data.has(url)) event.respondWith(data.answer(url));
});

// The service worker of the kept wallet: its page opens with the cable out.  It keeps the page's files and nothing else.
//
// A new edition is taken at once: the page is a list that is looked at, and nobody stands in the middle of something.

import { Edition } from "../edition.js";
import { NAME } from "./store.js";

/**
 * @typedef {Event & { waitUntil(done: Promise<unknown>): void }} LastingEvent
 * @typedef {LastingEvent & { request: Request, respondWith(answer: Promise<Response>): void }} AskedEvent
 * @typedef {{ registration: { scope: string }, clients: { claim(): Promise<void> }, skipWaiting(): Promise<void>,
 *   addEventListener(name: string, deed: (event: any) => void): void }} Surroundings
 */
const here = /** @type {Surroundings} */ (/** @type {unknown} */ (globalThis));
const edition = new Edition({ name: NAME, scope: here.registration.scope, edition: __EDITION__, files: __FILES__ });

here.addEventListener("install", (/** @type {LastingEvent} */ event) => {
  event.waitUntil(edition.keep().then(() => here.skipWaiting()));
});

here.addEventListener("activate", (/** @type {LastingEvent} */ event) => {
  event.waitUntil(edition.dropOthers().then(() => here.clients.claim()));
});

here.addEventListener("fetch", (/** @type {AskedEvent} */ event) => {
  const name = event.request.method === "GET" ? edition.named(event.request.url) : null;
  if (name !== null) event.respondWith(edition.file(name));
});

// From when until when a verdict holds, in milliseconds since 1970: by the cards' own dates, and by the rules.
// Twin of the dates of huxin.trust.verdict.

import { PartialDate } from "./kernel/instants.js";

const DAY = 86_400_000;

/** @typedef {import("./verify.js").Verdict} Verdict */

/**
 * Return the first millisecond at which all the cards hold; where rules are not met yet, from when they would be.
 * `null`: not known, or not foreseeable.
 * @param {Verdict} verdict
 */
export function validFrom({ cards, decision }) {
  const starts = cards.flatMap(({ reading }) => startsOf(reading.credential));
  if (decision !== null && !decision.met) {
    const turn = decision.turnsAt();
    if (turn === null) return null;
    starts.push(Math.floor(turn));
  }
  return starts.length ? Math.max(...starts) : null;
}

/** Return the last millisecond at which all the cards hold, and the rules are met; `null`: without end. @param {Verdict} verdict */
export function validUntil({ cards, decision }) {
  const ends = cards.flatMap(({ reading }) => endsOf(reading.credential));
  const turn = decision?.met ? decision.turnsAt() : null;
  if (turn !== null) ends.push(Math.floor(turn - 1));
  return ends.length ? Math.min(...ends) : null;
}

/** @param {any} credential @returns {number[]} */
function startsOf(credential) {
  const instants = [credential?.issued, credential?.notBefore].filter(Boolean).map(millisecond);
  return [...instants, ...datesOf(credential, "valid_from").map((one) => one.earliest() * DAY)];
}

/** @param {any} credential @returns {number[]} */
function endsOf(credential) {
  const instants = credential?.expires ? [millisecond(credential.expires)] : [];
  return [...instants, ...datesOf(credential, "valid_until").map((one) => (one.latest() + 1) * DAY - 1)];
}

/** @param {import("./kernel/instants.js").Instant} instant */
function millisecond({ micros }) {
  return Math.floor(micros / 1_000);
}

/** @param {any} credential @param {string} name @returns {PartialDate[]} */
function datesOf(credential, name) {
  const events = credential?.facts?.events ?? [];
  return events.map((/** @type {any} */ event) => event[name] ?? null).filter((/** @type {any} */ one) => one !== null);
}

// How old a list is, and what follows: the same answers with the age in words, or none.
//
// Age is counted at the latest instant that is known to have been: now, or when the newest list ever seen was signed.

const HOUR = 3_600 * 1e6;
const DAY = 24 * HOUR;
const CLOCK_SLACK = 5 * 60 * 1e6;

/** @typedef {{ stale: number, warn: number, refuse: number }} Limits microseconds */

/** @type {Limits} */
export const DEFAULT = { stale: 48 * HOUR, warn: 14 * DAY, refuse: 30 * DAY };

/**
 * @typedef {import("../kernel/instants.js").Instant} Instant
 * @typedef {{ decision: "fresh" | "stale" | "refused", code: string, ageHours: number, warn: boolean, signedAt: Instant }} Freshness
 */

/**
 * Judge the age of a list; `seen` is when the newest list that this verifier ever held was signed.
 * @param {Instant} signedAt @param {{ now: Instant, seen: Instant, limits?: Limits }} at @returns {Freshness}
 */
export function freshness(signedAt, { now, seen, limits = DEFAULT }) {
  const newest = Math.max(signedAt.micros, seen.micros);
  const age = Math.max(now.micros, newest) - signedAt.micros;
  const told = { ageHours: Math.floor(age / HOUR), signedAt };
  if (age > limits.refuse) return { decision: "refused", code: "trust-old", warn: true, ...told };
  if (newest - now.micros > CLOCK_SLACK) return { decision: "stale", code: "trust-clock", warn: true, ...told };
  const warn = age > limits.warn;
  if (age > limits.stale) return { decision: "stale", code: "trust-stale", warn, ...told };
  return { decision: "fresh", code: "", warn, ...told };
}

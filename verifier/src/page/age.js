// How old the trust list is, as people say it, and what is said loudly.  The limits are those of the client.

const MINUTE = 60e6;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @typedef {{ decision: string, code: string, warn: boolean, signedAt: import("../kernel/instants.js").Instant }} Age */
/** @typedef {{ word: string, n: number }} Said the end of a sentence's name, and its number */

/** Return the age in words: minutes up to two hours, hours up to two days, then days. @param {Age | null} age @param {number} now microseconds @returns {Said} */
export function ageWord(age, now) {
  if (age === null) return { word: "none", n: 0 };
  if (age.code === "trust-clock") return { word: "unsure", n: 0 };
  const old = Math.max(0, now - age.signedAt.micros);
  if (old < 2 * MINUTE) return { word: "now", n: 0 };
  if (old < 2 * HOUR) return { word: "minutes", n: Math.floor(old / MINUTE) };
  if (old < 2 * DAY) return { word: "hours", n: Math.floor(old / HOUR) };
  return { word: "days", n: Math.floor(old / DAY) };
}

/** Return what has to be said prominently, or nothing. @param {Age | null} age @param {number} now microseconds @returns {Said | null} */
export function warning(age, now) {
  if (age === null) return { word: "none", n: 0 };
  const n = Math.floor((now - age.signedAt.micros) / DAY);
  if (isRefused(age)) return { word: "old", n };
  if (age.code === "trust-clock") return { word: "clock", n: 0 };
  return age.warn ? { word: "stale", n } : null;
}

/** Tell whether nothing may be judged with a list any more. @param {Age | null} age */
export function isRefused(age) {
  return age?.decision === "refused";
}

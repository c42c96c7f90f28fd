// Can this content be right?  What a person at a door would notice, for all formats.

import { hasLetter } from "../kernel/letters.js";

const EARLIEST_YEAR = 1900;
// A child born this morning where the day begins first must not be "born tomorrow".
const EASTMOST = 14 * 3600 * 1e6;
const DAY = 86_400 * 1e6;
const LAST = 253_402_300_799_999_999 - EASTMOST;
const PARTS = ["family", "given", "latin_family", "latin_given", "whole", "latin_whole"];

/**
 * Return what cannot be right, in a few words for engineers, or `null`.
 * @param {any} facts @param {string} format @param {import("../kernel/instants.js").Instant} now
 */
export function implausibility(facts, format, now) {
  const parts = PARTS.map((name) => facts.person.name[name]).filter(Boolean);
  // A health card may hold a record of nobody, as long as it says nothing of anybody.
  if (parts.length === 0) return format === "shc" && facts.events.length === 0 ? null : "no name";
  if (!parts.every((part) => hasLetter(part))) return "a name without a letter";
  const { birth } = facts.person;
  if (birth !== null && birth.year < EARLIEST_YEAR) return "born before 1900";
  if (birth !== null && birth.earliest() > today(now)) return "born in the future";
  if (format === "shc") return null; // what gives no event proves nothing
  if (facts.identifier == null && format !== "hcert-6") return "no identifier";
  return eventsFault(facts.events);
}

/** @param {import("../kernel/instants.js").Instant} now */
function today(now) {
  return Math.floor((Math.min(now.micros, LAST) + EASTMOST) / DAY);
}

/** @param {any[]} events */
function eventsFault(events) {
  for (const event of events) {
    if (event.kind === "examination" || event.kind === "clearance") {
      if (!event.purpose) return "no purpose";
    } else if (event.disease === null) return "no disease";
  }
  return null;
}

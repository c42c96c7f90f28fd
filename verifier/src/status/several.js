// What several lists say together, and what was looked up in them.  Twin of huxin.trust.status.Several and huxin.cli.looked_up.

import { Instant } from "../kernel/instants.js";

const HOUR = 3_600 * 1e6;

/**
 * @typedef {import("../verify.js").Status} Status
 * @typedef {{ lists: Status | null, sets: import("./status_sets.js").StatusSets }} Lists
 * @typedef {{ asOf: Instant, ageHours: number, overdue: boolean }} SetAge
 */

/** Answers for several: a card that any of them names is withdrawn. */
export class Several {
  /** @param {Status[]} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {any} credential @param {import("../anchors.js").Anchor} anchor */
  revoked(credential, anchor) {
    return this.parts.some((one) => one.revoked(credential, anchor));
  }
}

/** Tell whether the list of each card was here to be looked into. @param {Lists} held @param {import("../verify.js").Verdict} verdict */
export function wasLookedUp({ lists, sets }, verdict) {
  if (lists !== null) return true;
  return sets.sets.size > 0 && !found(sets, verdict).includes(null);
}

/** Return the age of the oldest set that a card was looked up in; null where there is none. @param {Lists} held @param {import("../verify.js").Verdict} verdict @param {Instant} now @returns {SetAge | null} */
export function setAge({ sets }, verdict, now) {
  const held = found(sets, verdict).filter((one) => one !== null);
  if (held.length === 0) return null;
  const asOf = Math.min(...held.map((one) => one.asOf.micros));
  const overdue = held.some((one) => one.next.micros <= now.micros);
  return { asOf: new Instant(asOf), ageHours: Math.floor((now.micros - asOf) / HOUR), overdue };
}

/** Return the set of each card's list, or null. @param {import("./status_sets.js").StatusSets} sets @param {import("../verify.js").Verdict} verdict */
function found(sets, { cards }) {
  return cards.map(({ anchor, reading }) =>
    anchor === null || reading.credential === null ? null : sets.of(reading.credential, anchor),
  );
}

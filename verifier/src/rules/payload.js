// The cards of one person together, as rules see them.  Twin of huxin.trust.rules.payload, which has made
// of each card what rules can read of it (huxin.trust.rules.readout).

const KINDS = ["vaccination", "test", "recovery", "examination", "clearance"];
const WHEN = ["date", "sampled", "first_positive", "performed", "valid_from", "valid_until"];

/**
 * What rules read of several cards: their events, each once, oldest first, and the birth date.
 * @param {Record<string, any>[]} payloads
 * @returns {Record<string, any>}
 */
export function factsPayload(payloads) {
  /** @type {Record<string, any>} */
  const together = {};
  for (const kind of KINDS) {
    const events = payloads.flatMap((one) => one[kind] ?? []);
    together[kind] = distinct(kind, events).sort((left, right) => compared(when(left), when(right)));
  }
  // The most exact of the dates.
  const births = payloads.map((one) => one.birth).filter((birth) => birth !== null && birth !== undefined);
  together.birth = births.reduce((best, one) => (best !== null && best.length >= one.length ? best : one), null);
  return together;
}

/**
 * Each event once: a dose stays one dose on however many cards it stands.
 * @param {string} kind
 * @param {Record<string, any>[]} events
 */
function distinct(kind, events) {
  /** @type {Map<string, Record<string, any>>} */
  const found = new Map();
  for (const event of events) {
    const dose = kind === "vaccination" && "disease" in event && "date" in event;
    // Numbers beyond 2^53 are known to CBOR, and not to JSON as it is written here.
    const key = JSON.stringify(dose ? [event.disease, event.date] : Object.entries(event), (_, one) =>
      typeof one === "bigint" ? { beyond: String(one) } : one,
    );
    const known = found.get(key);
    if (known === undefined || Object.keys(event).length > Object.keys(known).length) found.set(key, event);
  }
  return [...found.values()];
}

/** @param {Record<string, any>} event */
function when(event) {
  const name = WHEN.find((one) => one in event);
  return name === undefined ? "" : String(event[name]);
}

/**
 * @param {string} left
 * @param {string} right
 */
function compared(left, right) {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

// What a node, or whoever wrote the folder, says about this place: region, first root, purposes by region, practice cards.

/**
 * @typedef {{ zh: string, en: string }} Both
 * @typedef {{ region: string, id: string, words: Both, effect: string }} Purpose
 * @typedef {{ text: string, outcome: string, purpose: string | null }} Practice
 * @typedef {{ region: string, names: Record<string, Both>, environment: string, root: string | null, zone: string,
 *   purposes: Purpose[], practice: Practice[], appeals: string, policy: string }} Setup
 * `policy` is what the place decided for itself, as its state packs it, or empty
 */

/** Read `data/setup.json`; what is missing is left out, what is wrong is a fault of whoever wrote it. @param {any} plain @returns {Setup} */
export function readSetup(plain) {
  if (plain?.huxin !== "verifier-setup" || plain.v !== 1) throw new Error("not a setup of this version");
  return {
    region: String(plain.region ?? ""),
    names: plain.names ?? {},
    environment: plain.environment === "test" ? "test" : "production",
    root: typeof plain.root === "string" && plain.root ? plain.root : null,
    zone: zoneOf(plain.zone),
    purposes: Array.isArray(plain.purposes) ? plain.purposes : [],
    practice: Array.isArray(plain.practice) ? plain.practice : [],
    appeals: String(plain.appeals ?? ""),
    policy: String(plain.policy ?? ""),
  };
}

/** @param {unknown} named */
function zoneOf(named) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: String(named) }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

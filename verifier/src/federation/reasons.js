// Why a list of the federation is not taken: what lint finds, the gravest first.

/** First what hides whether anything else is right, last what time may mend. */
export const OF_LINT = [
  "trust-file", "too-big", "trust-missing", "trust-keys", "trust-quorum", "trust-delegation", "trust-namespace",
  "trust-tombstone", "trust-environment", "trust-caps", "trust-suspension", "trust-lifetime",
]; // prettier-ignore

/** @typedef {{ code: string, detail: string }} Fault */

/** @param {string} code @param {string} detail @returns {Fault} */
export function fault(code, detail) {
  return { code, detail };
}

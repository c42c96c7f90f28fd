// The cards of one person as rules see them.  Twin of huxin.trust.rules.wallet.  Instants are milliseconds since 1970;
// what is finer stands behind the point.

import { RefusalError } from "../kernel/errors.js";
import { because } from "./because.js";
import { CLOCK } from "./change.js";
import * as datetimes from "./datetimes.js";
import { evaluate } from "./evaluate.js";
import { factsPayload } from "./payload.js";
import { truth } from "./values.js";

/**
 * @typedef {import("./rule.js").Rule} Rule
 * @typedef {import("./because.js").Finding} Finding
 * @typedef {{kind: string, payload: any, external: any}} Read
 * @typedef {{payload: any, certificate: Read | null, expires: string | null}} Card what `readout` gives
 * @typedef {{card: number, kind: string, payload: any, external: any}} Certificate
 * @typedef {{rule: Rule, holds: boolean, findings: Finding[], card: number | null, fault: RefusalError | null}} Result
 */

/**
 * Whether a rule concerns a certificate: its kind, and who issued it where that matters.
 * @param {Rule} rule
 * @param {Certificate} certificate
 */
export function concerns(rule, { kind, external }) {
  return rule.kinds.includes(kind) && (!rule.ofIssuer || external.issuerCountryCode === rule.region);
}

/** What rules can read of the cards that one person shows together. */
export class Wallet {
  /**
   * @param {Card[]} cards
   * @param {Record<string, string[]>} valueSets
   * @param {string | null} arrival the region where they are shown
   */
  constructor(cards, valueSets, arrival) {
    this.facts = factsPayload(cards.map((card) => card.payload));
    /** @type {Certificate[]} */
    this.certificates = cards.flatMap(({ certificate }, card) => (certificate === null ? [] : [{ card, ...certificate }]));
    this.valueSets = valueSets;
    this.arrival = arrival;
  }

  /**
   * @param {Certificate | null} certificate
   * @param {number} now
   */
  data(certificate, now) {
    const external = { [CLOCK]: datetimes.asText(Math.floor(now)), valueSets: this.valueSets };
    if (certificate === null) return { payload: this.facts, external };
    // Of a part of the country (`region`) nobody says where the cards are shown.
    const known = { countryCode: this.arrival, region: null, ...certificate.external };
    return { payload: certificate.payload, external: { ...external, ...known } };
  }

  /**
   * What a rule says, without the reasons.
   * @param {Rule} rule
   * @param {Certificate | null} certificate
   * @param {number} now
   * @returns {Result}
   */
  result(rule, certificate, now) {
    const found = { rule, holds: false, findings: [], card: certificate?.card ?? null, fault: rule.fault };
    if (rule.fault !== null) return found;
    try {
      const holds = truth(evaluate(rule.expression, this.data(certificate, now)));
      if (holds === null) throw new RefusalError("logic-type", "the rule is neither true nor false");
      return { ...found, holds };
    } catch (error) {
      if (error instanceof RefusalError) return { ...found, fault: error };
      throw error;
    }
  }

  /**
   * A result with its reasons.
   * @param {Result} result
   * @param {number} now
   * @returns {Result}
   */
  explained(result, now) {
    const certificate = this.certificates.find((one) => one.card === result.card) ?? null;
    /** @type {import("./evaluate.js").Step[]} */
    const steps = [];
    evaluate(result.rule.expression, this.data(certificate, now), steps);
    return { ...result, findings: because(result.rule.expression, steps) };
  }
}

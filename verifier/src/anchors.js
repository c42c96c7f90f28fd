// Whom to believe: keys by (domain, kid).  A kid is a hint, not a name: every key that carries it is a candidate.
// Health cards are signed on P-256 only, so any other key is none of theirs.

import { hex } from "./kernel/bytes.js";

/**
 * @typedef {{ region: string | null, domain: string, kid: Uint8Array, key: import("./kernel/keys.js").PublicKey,
 *   usage: Set<string> | null, validFrom: import("./kernel/instants.js").Instant | null,
 *   validUntil: import("./kernel/instants.js").Instant | null, environment: string, standing: string,
 *   issuer: string | null, issueUntil: import("./kernel/instants.js").Instant | null, layer: string }} Anchor
 */

/** Return an anchor with what is not said about it. @param {Partial<Anchor> & Pick<Anchor, "domain" | "kid" | "key">} said @returns {Anchor} */
export function anchor(said) {
  return {
    region: null, usage: null, validFrom: null, validUntil: null, environment: "production", standing: "active",
    issuer: null, issueUntil: null, layer: "trust-file", ...said,
  }; // prettier-ignore
}

/** Keys ready for use; `environment` is that of the verifier, `asOf` when the list was true. */
export class TrustStore {
  /** @param {Iterable<Anchor>} anchors @param {{ environment?: string, asOf?: import("./kernel/instants.js").Instant | null }} [said] */
  constructor(anchors, { environment = "production", asOf = null } = {}) {
    /** @type {Map<string, Anchor[]>} */
    this.byKid = new Map();
    for (const one of anchors) {
      if (one.domain === "shc" && !one.key.isP256) continue;
      const place = `${one.domain} ${hex(one.kid)}`;
      const there = this.byKid.get(place);
      if (there) there.push(one);
      else this.byKid.set(place, [one]);
    }
    this.environment = environment;
    this.asOf = asOf;
  }

  /** Return every key that a card of a domain with this kid and `iss` may mean. @param {string} domain @param {Uint8Array} kid @param {string | null} issuer */
  find(domain, kid, issuer) {
    const found = this.byKid.get(`${domain} ${hex(kid)}`) ?? [];
    return found.filter((one) => one.issuer === null || one.issuer === issuer);
  }
}

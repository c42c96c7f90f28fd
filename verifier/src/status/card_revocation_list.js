// Card revocation lists of SMART Health Cards: `rid`, optionally with an instant.  A list that breaks its rules is refused.

import { hex, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { get, isMap } from "../credentials/untrusted.js";

const ENTRY = /^([A-Za-z0-9_-]{1,24})(?:\.([0-9]{1,12}))?$/u;
const MAX_ENTRIES = 10_000_000;

/** Lists of several keys, ready to ask. */
export class CardRevocationLists {
  /** @param {unknown[]} lists */
  constructor(lists) {
    /** @type {Map<string, number | null>} */
    this.revokedAt = new Map();
    for (const document of lists) {
      for (const [place, second] of entries(document)) {
        this.revokedAt.set(place, stricter(second, this.revokedAt.has(place) ? this.revokedAt.get(place) : second));
      }
    }
  }

  /** Tell whether the card's `rid` is listed for its key and the card is old enough. @param {any} credential @param {any} anchor */
  revoked(credential, anchor) {
    const place = `${hex(anchor.kid)} ${credential.rid}`;
    if (!credential.rid || !this.revokedAt.has(place)) return false;
    const second = this.revokedAt.get(place);
    const made = credential.notBefore ?? credential.issued;
    return second == null || made === null || made.seconds < second;
  }
}

/** Return the second that revokes more; without one all cards are revoked. @param {number | null} one @param {number | null | undefined} other */
function stricter(one, other) {
  return one === null || other == null ? null : Math.max(one, other);
}

/** @param {unknown} document @returns {Map<string, number | null>} */
function entries(document) {
  const [kid, rids] = isMap(document) ? [get(document, "kid"), get(document, "rids")] : [null, null];
  if (typeof kid !== "string" || !Array.isArray(rids) || rids.length > MAX_ENTRIES) {
    throw new RefusalError("bad-input", "a revocation list without kid or rids");
  }
  if (isMap(document) && "method" in document && document.method !== "rid") {
    throw new RefusalError("bad-input", "a revocation list of another method");
  }
  const found = new Map();
  for (const rid of rids) {
    const match = typeof rid === "string" ? ENTRY.exec(rid) : null;
    if (match === null) throw new RefusalError("bad-input", "a rid of the wrong form");
    const place = `${hex(utf8Bytes(kid))} ${match[1]}`;
    if (found.has(place)) throw new RefusalError("bad-input", "a rid twice in one list");
    found.set(place, match[2] === undefined ? null : Number(match[2]));
  }
  return found;
}

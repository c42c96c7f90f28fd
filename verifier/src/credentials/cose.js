// COSE_Sign1 (RFC 9052, section 4.2): one payload, one signature, two headers.
//
// Reads what occurs: untagged, tag 18, tags 61 and 18, and 18 inside 18; algorithm and key identifier in either
// header, where the protected one wins.

import { concat, same } from "../kernel/bytes.js";
import { MAX_BYTES, Tag, hasPlainKeys, loads } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";

const ALG = 1;
const CRIT = 2;
const KID = 4;
const ALGORITHMS = new Map([
  [-7, "ES256"],
  [-37, "PS256"],
  [-8, "EdDSA"],
]);
const TAGS = ["", "18", "61,18", "18,18"];
const MAX_KID = 64;
const CONTEXT = Uint8Array.from([0x84, 0x6a, ...[..."Signature1"].map((letter) => letter.charCodeAt(0))]);
const NOTHING = new Uint8Array();

/**
 * @typedef {{ algorithm: string | null, kid: Uint8Array | null, rivalKid: Uint8Array | null,
 *   payload: Uint8Array, signature: Uint8Array, signed: Uint8Array }} Sign1
 */

/** Open an envelope; refuses with `cbor`, `cose`, `kid` or `too-big`. @param {Uint8Array} data @returns {Sign1} */
export function parse(data, limit = MAX_BYTES) {
  let item = loads(data, limit);
  const tags = [];
  while (item instanceof Tag && tags.length < 2) {
    tags.push(item.tag);
    item = item.value;
  }
  if (!TAGS.includes(tags.join()) || !Array.isArray(item) || item.length !== 4) {
    throw new RefusalError("cose", "not four parts under the right tags");
  }
  const [guarded, open, payload, signature] = item;
  const bytes = [guarded, payload, signature].every((one) => one instanceof Uint8Array);
  if (!bytes || !(open instanceof Map)) throw new RefusalError("cose", "parts of the wrong type");
  const [algorithm, kid] = protectedHeaders(guarded);
  const [otherAlgorithm, otherKid] = headers(open);
  return {
    algorithm: algorithm ?? otherAlgorithm,
    kid: kid ?? otherKid,
    rivalKid: kid !== null && otherKid !== null && !same(kid, otherKid) ? otherKid : null,
    payload,
    signature,
    signed: signedBytes(guarded, payload),
  };
}

/** @param {Uint8Array} data @returns {[string | null, Uint8Array | null]} */
function protectedHeaders(data) {
  const found = data.length ? loads(data) : new Map();
  if (!(found instanceof Map)) throw new RefusalError("cose", "protected header is not a map");
  return headers(found);
}

/** @param {Map<unknown, any>} found @returns {[string | null, Uint8Array | null]} */
function headers(found) {
  if (found.size === 0) return [null, null];
  // RFC 9052, 3.1: what is marked critical must be understood, and nothing is.
  if (found.has(CRIT)) throw new RefusalError("cose", "a critical header");
  if (!hasPlainKeys(found)) throw new RefusalError("cose", "a header named by neither number nor text");
  const algorithm = found.get(ALG) ?? null;
  const kid = found.get(KID) ?? null;
  if (kid !== null && !(kid instanceof Uint8Array && kid.length > 0 && kid.length <= MAX_KID)) {
    throw new RefusalError("kid", "a key identifier that is not bytes");
  }
  return [algorithm === null ? null : (ALGORITHMS.get(algorithm) ?? "unknown"), kid];
}

/** Return Sig_structure (RFC 9052, section 4.4) without external data. @param {Uint8Array} guarded @param {Uint8Array} payload */
export function signedBytes(guarded, payload) {
  // An empty map counts as empty bytes here, however it was written.
  const header = guarded.length === 1 && guarded[0] === 0xa0 ? NOTHING : guarded;
  return concat(CONTEXT, head(header.length), header, Uint8Array.of(0x40), head(payload.length), payload);
}

/** Return the CBOR head of a byte string. @param {number} length */
function head(length) {
  if (length < 24) return Uint8Array.of(0x40 | length);
  if (length < 0x100) return Uint8Array.of(0x58, length);
  if (length < 0x10000) return Uint8Array.of(0x59, length >> 8, length & 0xff);
  return Uint8Array.of(0x5a, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
}

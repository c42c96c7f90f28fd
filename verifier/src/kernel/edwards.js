// Ed25519: which 32 bytes are a key, and what checks signatures with it.
//
// The browser's own WebCrypto, or where it has no Ed25519 yet (phones of a few years ago) what a page lends: a library, fetched
// only there.  Twin of huxin.kernel.edwards.

import { source } from "./bytes.js";

/**
 * @typedef {(signature: Uint8Array, message: Uint8Array) => Promise<boolean>} Checker
 * @typedef {{ verify: (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean }} Library
 */

const P = 2n ** 255n - 19n;
const D = mod(-121665n * power(121666n, P - 2n));
const EIGHTH = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL_ORDER = new Set([0n, 1n, P - 1n, EIGHTH, P - EIGHTH]);

/** @type {(() => Promise<Library>) | null} */
let lent = null;

/** Say where a library is to be had, should this browser need one. @param {() => Promise<Library>} load */
export function lendEdwards(load) {
  lent = load;
}

/** Return what checks signatures with these 32 bytes, whatever they are; `null` where they are no key. @param {Uint8Array} raw @returns {Promise<Checker | null>} */
export async function edwardsChecker(raw) {
  try {
    return await checkerOf(raw);
  } catch (error) {
    if (error instanceof DOMException && error.name !== "NotSupportedError") return null;
    // A browser that has no Ed25519 cannot tell; it must not seem that others had not signed.
    throw error;
  }
}

/** Return what checks signatures with a key; a `DOMException` where it is none. @param {Uint8Array} raw @returns {Promise<Checker>} */
export async function checkerOf(raw) {
  try {
    const key = await crypto.subtle.importKey("raw", source(raw), { name: "Ed25519" }, false, ["verify"]);
    return (signature, message) => crypto.subtle.verify("Ed25519", key, source(signature), source(message));
  } catch (error) {
    const lacking = error instanceof DOMException && error.name === "NotSupportedError";
    if (!lacking || lent === null) throw error;
    const library = await lent();
    return async (signature, message) => signature.length === 64 && library.verify(signature, message, raw);
  }
}

/** Tell whether these are the one spelling of a point of the curve that is not of small order. @param {Uint8Array} data */
export function isCanonicalKey(data) {
  if (data.length !== 32) return false;
  let y = 0n;
  for (let at = 31; at >= 0; at -= 1) y = (y << 8n) | BigInt(at === 31 ? data[at] & 0x7f : data[at]);
  return y < P && !SMALL_ORDER.has(y) && onCurve(y);
}

/** @param {bigint} y */
function onCurve(y) {
  const square = mod(y * y);
  return power(mod((square - 1n) * mod(D * square + 1n)), (P - 1n) / 2n) === 1n;
}

/** @param {bigint} value */
function mod(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

/** @param {bigint} base @param {bigint} exponent */
function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

// Ed25519 for browsers whose WebCrypto has none: noble-curves, fetched by such a browser only.

import { ed25519 } from "@noble/curves/ed25519.js";

/** Tell whether a signature was made by a key's other half, as RFC 8032 has it. @param {Uint8Array} signature @param {Uint8Array} message @param {Uint8Array} key */
export function verify(signature, message, key) {
  return ed25519.verify(signature, message, key, { zip215: false });
}

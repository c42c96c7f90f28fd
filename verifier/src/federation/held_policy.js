// A place's own decisions as its state keeps them, and whose signatures they were taken by.
//
// The signatures are checked anew at each reading, so that a policy that was damaged is refused and never left out.

import { hex, hexBytes, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError, UnusableKeyError } from "../kernel/errors.js";
import { keyOfCompact } from "../kernel/keys.js";
import { document } from "./fields.js";
import { MOST_BYTES, parsePolicy } from "./policy.js";

// The envelope in base64, and some keys around it.
const MOST_FILE = Math.floor((MOST_BYTES * 4) / 3) + 65_536;
const MOST_SIGNERS = 100;

/** Return a policy as it was packed; refuses with `trust-file` or `trust-threshold`. @param {Uint8Array} data */
export async function openPolicy(data) {
  const { region, keys, threshold, envelope } = unpacked(data);
  return parsePolicy(envelope, { region, keys: await keysOf(keys), threshold });
}

/** Return what was packed, believed by nobody yet; refuses with `trust-file`. @param {Uint8Array} data */
export function unpacked(data) {
  const fields = document(data, "held-policy", MOST_FILE);
  fields.only("huxin", "v", "region", "threshold", "keys", "policy");
  const region = fields.region("region");
  const keys = fields.digests("keys", MOST_SIGNERS).map((one) => hexBytes(one) ?? new Uint8Array());
  const threshold = fields.number("threshold", 1, MOST_SIGNERS);
  return { region, keys, threshold, envelope: fields.octets("policy", MOST_BYTES) };
}

/** Return keys of signers; refuses with `trust-file` what is none. @param {Uint8Array[]} found */
export async function keysOf(found) {
  try {
    return await Promise.all(found.map((one) => keyOfCompact("EdDSA", one)));
  } catch (error) {
    if (error instanceof UnusableKeyError) throw new RefusalError("trust-file", "policy: a key that is none");
    throw error;
  }
}

/**
 * Return a policy that was read with these signers, together with them.
 * @param {Uint8Array} data @param {import("./policy.js").Signers} signers
 */
export function packPolicy(data, { region, keys, threshold }) {
  let letters = "";
  for (const byte of data) letters += String.fromCharCode(byte);
  const whole = {
    huxin: "held-policy", v: 1, region, threshold, keys: keys.map((one) => hex(one.spki.subarray(-32))), policy: btoa(letters),
  }; // prettier-ignore
  return utf8Bytes(`${JSON.stringify(whole, null, 1)}\n`);
}

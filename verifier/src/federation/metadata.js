// One file of metadata of The Update Framework, read strictly.
//
// Responsible for the form.  Leaves signatures to the client and what a federation may say in such a file to `lint`.

import { Float } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import { parse } from "../kernel/strict_json.js";
import { parseStamp, refuse } from "./fields.js";
import { MOST_METADATA, MOST_TIMESTAMP, TOP_ROLES } from "./layout.js";
import { isCount, isShaped } from "./role_shape.js";

const SPEC = /^1(\.[0-9]{1,6}){1,2}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const MOST_SIGNATURES = 1_000;
const MOST_DEPTH = 32;

/**
 * What a role signed: `signed` is the whole signed part, `data` the file as it came, `signatures` by key id.
 * @typedef {{ role: string, version: number, expires: import("../kernel/instants.js").Instant,
 *   signed: Map<string, any>, signatures: Map<string, string>, data: Uint8Array }} RoleFile
 */

/**
 * Read the metadata of a role; refuses with `trust-file` or `too-big`.
 * @param {Uint8Array} data @param {string} role @returns {RoleFile}
 */
export function parseRole(data, role) {
  if (data.length > (role === "timestamp" ? MOST_TIMESTAMP : MOST_METADATA)) {
    throw new RefusalError("too-big", `metadata of ${role}`);
  }
  const whole = strict(data, role);
  if (!(whole instanceof Map) || !whole.has("signed") || !whole.has("signatures")) {
    throw refuse(`/${role}`, "not a signed part and its signatures");
  }
  const signed = whole.get("signed");
  const kind = TOP_ROLES.includes(role) ? role : "targets";
  if (!(signed instanceof Map) || signed.get("_type") !== kind) throw refuse(`/${role}/signed/_type`, `not ${kind}`);
  const [spec, version] = [signed.get("spec_version"), signed.get("version")];
  if (typeof spec !== "string" || !SPEC.test(spec)) throw refuse(`/${role}/signed/spec_version`, "not 1.x");
  if (!isCount(version)) throw refuse(`/${role}/signed/version`, "not a whole number from 1");
  if (!isShaped(kind, signed)) throw refuse(`/${role}/signed`, "not of the form that TUF 1.0 gives it");
  const expires = parseStamp(signed.get("expires"), `/${role}/signed/expires`);
  return { role, version: Number(version), expires, signed, signatures: signatures(whole.get("signatures"), role), data };
}

/** @param {Uint8Array} data @param {string} role */
function strict(data, role) {
  if (BYTE_ORDER_MARK.every((byte, at) => data[at] === byte)) throw refuse(`/${role}`, "a byte order mark");
  const whole = parse(data, "trust-file");
  check(whole, 0, role);
  return whole;
}

/**
 * Refuse numbers that are not whole, or too large for a browser, and texts that are not in normal form C.
 * @param {any} one @param {number} depth @param {string} role
 */
function check(one, depth, role) {
  if (depth > MOST_DEPTH) throw refuse(`/${role}`, `more than ${MOST_DEPTH} things inside one another`);
  if (one instanceof Map) {
    for (const [name, each] of one) {
      check(name, depth, role);
      check(each, depth + 1, role);
    }
  } else if (Array.isArray(one)) for (const each of one) check(each, depth + 1, role);
  else if (one instanceof Float) throw refuse(`/${role}`, "a number that is not whole");
  else if (typeof one === "bigint") throw refuse(`/${role}`, "a number beyond 2^53 - 1");
  else if (typeof one === "string" && one.normalize("NFC") !== one) throw refuse(`/${role}`, "not in normal form C");
}

/** @param {unknown} found @param {string} role */
function signatures(found, role) {
  if (!Array.isArray(found) || found.length > MOST_SIGNATURES) {
    throw refuse(`/${role}/signatures`, `not a list of up to ${MOST_SIGNATURES}`);
  }
  const signed = new Map();
  for (const one of found) {
    // What else stands there is of a later TUF, and says nothing to us (TUF 1.0, 4.1).
    const fits = one instanceof Map && typeof one.get("keyid") === "string";
    const text = fits ? one.get("sig") : null;
    if (typeof text !== "string" || !SIGNATURE.test(text)) {
      throw refuse(`/${role}/signatures`, "not a key id and an Ed25519 signature in hexadecimal digits");
    }
    if (signed.has(one.get("keyid"))) throw refuse(`/${role}/signatures`, "a key id twice");
    signed.set(one.get("keyid"), text);
  }
  return signed;
}

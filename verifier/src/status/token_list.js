// The same set as others publish it: an IETF Token Status List of one bit a place, in a JWT or a CWT.
//
// Source: draft-ietf-oauth-status-list-17, "Token Status List (TSL)".

import { b64urlBytes, letters, utf8Bytes } from "../kernel/bytes.js";
import { Tag, isWhole, loads } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import { parseJson } from "../kernel/json.js";
import { parse } from "../credentials/cose.js";
import { inflateZlib } from "../credentials/inflate.js";
import { get, has, isMap } from "../credentials/untrusted.js";
import { IndexSet, MAX_BITS, MIN_BITS, bad } from "./index_set.js";

const MAX_INFLATED = 2 ** (MAX_BITS - 3);
const MAX_BYTES = MAX_INFLATED + 65_536;
const TYPE = "statuslist+jwt";
const CWT_TYPE = "application/statuslist+cwt";
const CWT_NAMES = new Map([
  ["sub", 2],
  ["exp", 4],
  ["iat", 6],
  ["ttl", 65534],
]);
const STATUS_LIST = 65533;

/** Read `lst`; refuses with `inflate`, `too-big`, or `bad-input` a list of another size. @param {Uint8Array} data */
export function decode(data) {
  if (data.length > MAX_BYTES) throw new RefusalError("too-big", "a token status list");
  const bytes = inflateZlib(data, MAX_INFLATED);
  const bits = Math.log2(8 * bytes.length);
  if (!Number.isInteger(bits) || bits < MIN_BITS || bits > MAX_BITS) {
    throw bad("a token status list whose size is not that of a list");
  }
  const indices = [];
  for (let place = 0; place < bytes.length; place += 1) {
    for (let bit = 0; bytes[place] >> bit; bit += 1) if ((bytes[place] >> bit) & 1) indices.push(8 * place + bit);
  }
  return new IndexSet(bits, indices);
}

/** @typedef {{ key: import("../kernel/keys.js").PublicKey, uri: string, now: import("../kernel/instants.js").Instant }} Asked */

/** Read a JWT of a list, signed by a key, that has not expired. @param {string} text @param {Asked} asked */
export async function openJwt(text, asked) {
  if (letters(text) > 2 * MAX_BYTES) throw new RefusalError("too-big", "a status list token");
  const parts = text.split(".");
  if (parts.length !== 3 || !parts[0] || !parts[1]) throw new RefusalError("jws", "not three parts");
  const header = parseJson(b64urlBytes(parts[0]), "jws");
  if (!isMap(header)) throw new RefusalError("jws", "header is not an object");
  const [payload, signature] = [b64urlBytes(parts[1]), b64urlBytes(parts[2])];
  if (get(header, "typ") !== TYPE || has(header, "crit")) throw new RefusalError("jws", "not a status list token");
  await signed(get(header, "alg"), signature, utf8Bytes(`${parts[0]}.${parts[1]}`), asked);
  const claims = parseJson(payload, "jws");
  const fields = isMap(claims) ? claims : Object.create(null);
  const listed = get(fields, "status_list");
  const packed = isMap(listed) ? get(listed, "lst") : null;
  const lst = typeof packed === "string" ? b64urlBytes(packed) : null;
  return said((name) => get(fields, name), isMap(listed) ? get(listed, "bits") : null, lst, asked);
}

/** Read a CWT of a list; as `openJwt`. @param {Uint8Array} data @param {Asked} asked */
export async function openCwt(data, asked) {
  if (data.length > MAX_BYTES) throw new RefusalError("too-big", "a status list token");
  const opened = parse(data, MAX_BYTES);
  if (typeOf(data) !== CWT_TYPE) throw new RefusalError("cose", "not a status list token");
  await signed(opened.algorithm, opened.signature, opened.signed, asked);
  const read = loads(opened.payload, MAX_BYTES);
  const claims = read instanceof Map ? read : new Map();
  const listed = claims.get(STATUS_LIST);
  const fields = listed instanceof Map ? listed : new Map();
  const lst = fields.get("lst") instanceof Uint8Array ? fields.get("lst") : null;
  return said((name) => claims.get(CWT_NAMES.get(name)) ?? null, fields.get("bits") ?? null, lst, asked);
}

/** Return the protected type (RFC 9596) of an envelope with tag 18 alone. @param {Uint8Array} data */
function typeOf(data) {
  const item = loads(data, MAX_BYTES);
  if (!(item instanceof Tag) || !Array.isArray(item.value)) return null;
  const [guarded] = item.value;
  return guarded.length ? loads(guarded).get(16) : null;
}

/** @param {unknown} algorithm @param {Uint8Array} signature @param {Uint8Array} message @param {Asked} asked */
async function signed(algorithm, signature, message, { key }) {
  if (algorithm !== key.algorithm || !(await key.verify(signature, message))) {
    throw new RefusalError("signature", "a status list token");
  }
}

/** Check what a signed token says, in either form. @param {(name: string) => any} claim @param {any} bits @param {Uint8Array | null} lst @param {Asked} asked */
function said(claim, bits, lst, { uri, now }) {
  const [sub, issued, expires, ttl] = ["sub", "iat", "exp", "ttl"].map(claim);
  if (typeof sub !== "string" || !isWhole(issued)) throw bad("a token without address or time");
  if (![expires, ttl].every((one) => one === null || isWhole(one))) throw bad("a token whose times are no whole seconds");
  if (ttl !== null && ttl <= 0) throw bad("a token that may not be kept at all");
  if (sub !== uri) throw bad("a token of another list");
  if (expires !== null && Number(expires) <= now.seconds) throw new RefusalError("expired", "a status list token");
  if (bits !== 1 || lst === null) throw bad("a token without a list of one bit a place");
  return decode(lst);
}

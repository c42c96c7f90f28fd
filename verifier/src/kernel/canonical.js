// Canonical JSON as The Update Framework signs it: one string of bytes for one value.
//
// Names in order of code points, no blanks, and in texts only the quotation mark and the backslash escaped.  It is not
// RFC 8785: control letters stand as they are.

import { utf8Bytes } from "./bytes.js";
import { isWhole } from "./cbor.js";
import { RefusalError } from "./errors.js";

/** Return the one form of texts, whole numbers, truth values, nulls, lists and `Map`s. @param {unknown} value */
export function canonicalJson(value) {
  return utf8Bytes(written(value));
}

/** @param {unknown} value @returns {string} */
function written(value) {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value === "boolean" || isWhole(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (value instanceof Map) {
    const names = [...value.keys()].sort(byCodePoint);
    return `{${names.map((name) => `${quoted(name)}:${written(value.get(name))}`).join(",")}}`;
  }
  throw new RefusalError("bad-input", "not to be signed");
}

/** @param {string} text */
function quoted(text) {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/**
 * Compare two texts letter by letter, as the core does: UTF-16 puts what is beyond 2^16 before its last letters.
 * @param {string} one @param {string} other
 */
export function byCodePoint(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (left !== right) return lifted(left) - lifted(right);
  }
  return one.length - other.length;
}

/** @param {number} unit */
function lifted(unit) {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

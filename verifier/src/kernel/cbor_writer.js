// CBOR written deterministically (RFC 8949, section 4.2.1): shortest heads, and the names of a map in order.

import { joined, utf8Bytes } from "./bytes.js";
import { RefusalError } from "./errors.js";

/**
 * Return the one form of a value: texts, bytes, whole numbers, null, lists, and `Map`s of texts.
 * @param {unknown} value @returns {Uint8Array}
 */
export function dumps(value) {
  /** @type {Uint8Array[]} */
  const parts = [];
  write(value, parts);
  return joined(parts);
}

/** @param {unknown} value @param {Uint8Array[]} parts */
function write(value, parts) {
  if (value === null) parts.push(Uint8Array.of(0xf6));
  else if (typeof value === "number" || typeof value === "bigint") parts.push(whole(value));
  else if (typeof value === "string") text(value, parts);
  else if (value instanceof Uint8Array) parts.push(head(2, value.length), value);
  else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const one of value) write(one, parts);
  } else if (value instanceof Map) map(value, parts);
  else throw new RefusalError("bad-input", "not to be written");
}

/** @param {string} value @param {Uint8Array[]} parts */
function text(value, parts) {
  const data = utf8Bytes(value);
  parts.push(head(3, data.length), data);
}

/** @param {Map<string, unknown>} value @param {Uint8Array[]} parts */
function map(value, parts) {
  const named = [...value].map(([name, one]) => ({ name: dumps(name), one }));
  named.sort((one, other) => order(one.name, other.name));
  parts.push(head(5, named.length));
  for (const { name, one } of named) {
    parts.push(name);
    write(one, parts);
  }
}

/** Compare two byte strings as bytes. @param {Uint8Array} one @param {Uint8Array} other */
export function order(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

/** @param {number | bigint} value */
function whole(value) {
  return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value);
}

/** Return the shortest head of an item. @param {number} major @param {number | bigint} value */
function head(major, value) {
  const type = major << 5;
  const number = BigInt(value);
  if (number < 24n) return Uint8Array.of(type | Number(number));
  const size = number < 2n ** 8n ? 1 : number < 2n ** 16n ? 2 : number < 2n ** 32n ? 4 : 8;
  const data = new Uint8Array(1 + size);
  data[0] = type | (24 + Math.log2(size));
  for (let at = size, left = number; at > 0; at -= 1, left >>= 8n) data[at] = Number(left & 255n);
  return data;
}

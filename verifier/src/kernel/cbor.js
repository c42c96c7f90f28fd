// CBOR (RFC 8949), read strictly: twice the same key, bytes behind the end, deep nesting and clever tags are refused.
//
// What comes out: whole numbers as number, or as bigint beyond 2^53; `Float` for what was written as one; text,
// Uint8Array, arrays, `Map`; `Instant` for tags 0 and 1; `Tag` for an unknown one; `Simple` for other simple values.

import { joined, utf8 } from "./bytes.js";
import { RefusalError } from "./errors.js";
import { Instant, epoch, parseDateTime } from "./instants.js";

export const MAX_BYTES = 65_536;
export const MAX_DEPTH = 16;

// Tags that make programs out of data, or values that are more than they seem.
const REFUSED = new Set([
  2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799,
]);
const BREAK = Symbol("break");
const INDEFINITE = -1;

/** A number that was written as a float: `1.0` is no index and no key of a map. */
export class Float {
  /** @param {number} value */
  constructor(value) {
    this.value = value;
  }
}

export class Tag {
  /** @param {number | bigint} tag @param {unknown} value */
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

export class Simple {
  /** @param {number} value */
  constructor(value) {
    this.value = value;
  }
}

/** What CBOR calls undefined: there, and nothing. */
export const UNDEFINED = new Simple(23);

/**
 * Decode exactly one item that fills `data`; refuses with `cbor` (or `too-big`), also more than `most` items in all.
 * @param {Uint8Array} data
 */
export function loads(data, limit = MAX_BYTES, most = Infinity) {
  if (data.length > limit) throw new RefusalError("too-big", "CBOR");
  const reader = new Reader(data, most);
  const value = reader.item(0);
  if (value === BREAK) throw malformed("a break out of place");
  if (reader.at !== data.length) throw malformed("bytes after the end");
  return value;
}

/** Tell whether every key of a map is a whole number or a text. @param {Map<unknown, unknown>} value */
export function hasPlainKeys(value) {
  for (const key of value.keys()) if (!isWhole(key) && typeof key !== "string") return false;
  return true;
}

/** Tell whether a value is a whole number. @param {unknown} value @returns {value is number | bigint} */
export function isWhole(value) {
  return typeof value === "number" || typeof value === "bigint";
}

/** @param {string} what */
function malformed(what) {
  return new RefusalError("cbor", what);
}

class Reader {
  /** @param {Uint8Array} data @param {number} left */
  constructor(data, left) {
    this.data = data;
    this.left = left;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.at = 0;
  }

  /** Read one item; `depth` counts the containers around it. @param {number} depth @returns {any} */
  item(depth) {
    if ((this.left -= 1) < 0) throw malformed("too many items");
    const head = this.byte();
    const major = head >> 5;
    const info = head & 31;
    if (major === 7) return this.simple(info);
    const length = this.length(info, major);
    switch (major) {
      case 0:
        return length;
      case 1:
        return negative(length);
      case 2:
        return this.bytes(length, depth);
      case 3:
        return this.text(length);
      case 4:
        return this.array(length, inner(depth));
      case 5:
        return this.map(length, inner(depth));
      default:
        return this.tag(length, inner(depth));
    }
  }

  byte() {
    if (this.at >= this.data.length) throw malformed("cut short");
    return this.data[this.at++];
  }

  /** @param {number} size */
  take(size) {
    if (size > this.data.length - this.at) throw malformed("cut short");
    this.at += size;
    return this.data.subarray(this.at - size, this.at);
  }

  /** @param {number} info @param {number} major @returns {number | bigint} */
  length(info, major) {
    if (info < 24) return info;
    if (info === 24) return this.byte();
    if (info === 25) return this.number(2, (at) => this.view.getUint16(at));
    if (info === 26) return this.number(4, (at) => this.view.getUint32(at));
    if (info === 27) return small(this.number(8, (at) => this.view.getBigUint64(at)));
    if (info === 31 && major >= 2 && major <= 5) return INDEFINITE;
    throw malformed("a length that is none");
  }

  /** @template T @param {number} size @param {(at: number) => T} read @returns {T} */
  number(size, read) {
    this.take(size);
    return read(this.at - size);
  }

  /** @param {number | bigint} length @param {number} depth */
  bytes(length, depth) {
    if (length !== INDEFINITE) return this.take(Number(length));
    return this.chunks(2, (size) => this.take(size));
  }

  /** @param {number | bigint} length */
  text(length) {
    if (length !== INDEFINITE) return decoded(this.take(Number(length)));
    const parts = this.chunks(3, (size) => this.take(size), (part) => void decoded(part));
    return decoded(parts);
  }

  /**
   * Read the parts of a string of unknown length.
   * @param {number} major @param {(size: number) => Uint8Array} take @param {(part: Uint8Array) => void} [check]
   */
  chunks(major, take, check) {
    /** @type {Uint8Array[]} */
    const parts = [];
    for (;;) {
      const head = this.byte();
      if (head === 0xff) return joined(parts);
      if (head >> 5 !== major || (head & 31) === 31) throw malformed("a part of another kind");
      const part = take(Number(this.length(head & 31, major)));
      check?.(part);
      parts.push(part);
    }
  }

  /** @param {number | bigint} length @param {number} depth */
  array(length, depth) {
    const items = [];
    while (length === INDEFINITE || items.length < length) {
      const item = this.item(depth);
      if (item === BREAK) {
        if (length !== INDEFINITE) throw malformed("a break out of place");
        break;
      }
      items.push(item);
    }
    return items;
  }

  /** @param {number | bigint} length @param {number} depth */
  map(length, depth) {
    const found = new Map();
    const known = new Set();
    for (let read = 0; length === INDEFINITE || read < length; read += 1) {
      const key = this.item(depth);
      if (key === BREAK) {
        if (length !== INDEFINITE) throw malformed("a break out of place");
        break;
      }
      const name = keyName(key);
      if (known.has(name)) throw malformed("a key twice");
      known.add(name);
      const value = this.item(depth);
      if (value === BREAK) throw malformed("a break out of place");
      found.set(key, value);
    }
    return found;
  }

  /** @param {number | bigint} tag @param {number} depth */
  tag(tag, depth) {
    if (typeof tag === "number" && REFUSED.has(tag)) throw malformed("a tag that Huxin does not read");
    const value = this.item(depth);
    if (value === BREAK) throw malformed("a break out of place");
    if (tag === 0) return dateTime(value);
    if (tag === 1) return tagged(value);
    return new Tag(tag, value);
  }

  /** @param {number} info */
  simple(info) {
    if (info < 20) return new Simple(info);
    if (info === 20) return false;
    if (info === 21) return true;
    if (info === 22) return null;
    if (info === 23) return UNDEFINED;
    if (info === 24) return this.simpleByte();
    if (info === 25) return new Float(half(this.number(2, (at) => this.view.getUint16(at))));
    if (info === 26) return new Float(this.number(4, (at) => this.view.getFloat32(at)));
    if (info === 27) return new Float(this.number(8, (at) => this.view.getFloat64(at)));
    if (info === 31) return BREAK;
    throw malformed("a simple value that is none");
  }

  simpleByte() {
    const value = this.byte();
    if (value < 32) throw malformed("a simple value that is none");
    return new Simple(value);
  }
}

/** @param {number} depth */
function inner(depth) {
  if (depth >= MAX_DEPTH) throw malformed("too deep");
  return depth + 1;
}

/** @param {bigint} value */
function small(value) {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** @param {number | bigint} length */
function negative(length) {
  const value = -1n - BigInt(length);
  return value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value;
}

/** @param {Uint8Array} data */
function decoded(data) {
  const text = utf8(data);
  if (text === null) throw malformed("not UTF-8");
  return text;
}

/** Read a float of 16 bits (RFC 8949, appendix D). @param {number} bits */
function half(bits) {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  let value;
  if (exponent === 0) value = fraction * 2 ** -24;
  else if (exponent === 31) value = fraction ? NaN : Infinity;
  else value = (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -value : value;
}

/** @param {unknown} value */
function dateTime(value) {
  const instant = typeof value === "string" ? parseDateTime(value) : null;
  if (instant === null) throw malformed("not a date and time");
  return instant;
}

/** @param {unknown} value */
function tagged(value) {
  const seconds = value instanceof Float ? value.value : typeof value === "boolean" ? Number(value) : value;
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) throw malformed("not an instant");
  const instant = epoch(seconds);
  if (instant === null) throw malformed("an instant outside the calendar");
  return instant;
}

/** Return a name that two keys share if they are one key: 1, 1.0 and true are. @param {unknown} key @returns {string} */
function keyName(key) {
  if (typeof key === "boolean") return `n${Number(key)}`;
  if (isWhole(key)) return `n${key}`;
  if (key instanceof Float) {
    if (Number.isNaN(key.value)) return `nan${Math.random()}`; // a NaN is no other's equal
    return Number.isInteger(key.value) ? `n${BigInt(key.value)}` : `n${key.value}`;
  }
  if (typeof key === "string") return `t${key}`;
  if (key instanceof Uint8Array) return `b${key.join(",")}`;
  if (key instanceof Instant) return `i${key.micros}`;
  if (key instanceof Simple) return `s${key.value}`;
  if (key instanceof Tag) return `g${key.tag}(${keyName(key.value)})`;
  if (Array.isArray(key)) return `a[${key.map(keyName).map((one) => JSON.stringify(one)).join()}]`;
  if (key instanceof Map) {
    const pairs = [...key].map(([name, value]) => JSON.stringify([keyName(name), keyName(value)]));
    return `m{${pairs.sort().join()}}`;
  }
  return String(key);
}

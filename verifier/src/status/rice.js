// A set of status indices as few bytes (spec/status.md, section 2): gaps in Golomb-Rice code.
//
// Canonical: one set is one string of bytes, every other string is refused.  Bounded: what a header promises is held
// against the length of the body before anything is made of it.

import { RefusalError } from "../kernel/errors.js";
import { IndexSet, MAX_BITS, MIN_BITS, bad } from "./index_set.js";

const MAGIC = [0x48, 0x58, 0x53, 1];
const HEADER_BYTES = 10;
export const MAX_BYTES = HEADER_BYTES + 2 ** MAX_BITS / 4;

/** Return how many low bits of a gap are written as they are. @param {number} count @param {number} bits */
export function parameter(count, bits) {
  let low = 0;
  while (low < bits && 10_000 * count * 2 ** low < 4_812 * 2 ** bits) low += 1;
  return low;
}

/** Return the one string of bytes of a set. @param {IndexSet} found */
export function encode(found) {
  const low = parameter(found.indices.length, found.bits);
  const writer = new Writer();
  let last = -1;
  for (const index of found.indices) {
    const gap = index - last - 1;
    writer.gap(Math.floor(gap / 2 ** low), gap % 2 ** low, low);
    last = index;
  }
  const body = writer.done();
  const data = new Uint8Array(HEADER_BYTES + body.length);
  data.set([...MAGIC, found.bits, low]);
  new DataView(data.buffer).setUint32(6, found.indices.length);
  data.set(body, HEADER_BYTES);
  return data;
}

/** Read a set; refuses with `bad-input` or `too-big` all that `encode` would not have written. @param {Uint8Array} data */
export function decode(data) {
  const [bits, low, count] = header(data);
  const reader = new Reader(data);
  const indices = [];
  let last = -1;
  for (let read = 0; read < count; read += 1) {
    last += 1 + reader.zeros() * 2 ** low + reader.take(low);
    indices.push(last);
  }
  reader.end();
  return new IndexSet(bits, indices);
}

/** Return bits, parameter and count, once they are known to fit the length. @param {Uint8Array} data */
function header(data) {
  if (data.length > MAX_BYTES) throw new RefusalError("too-big", "a status set");
  if (data.length < HEADER_BYTES || !MAGIC.every((byte, at) => data[at] === byte)) {
    throw bad("not a status set of version 1");
  }
  const [bits, low] = [data[4], data[5]];
  const count = new DataView(data.buffer, data.byteOffset).getUint32(6);
  if (bits < MIN_BITS || bits > MAX_BITS || count > 2 ** bits) throw bad("a status set of a size that no list has");
  if (low !== parameter(count, bits)) throw bad("a status set with another parameter than its count has");
  const room = 8 * (data.length - HEADER_BYTES);
  const least = count * (1 + low);
  if (!(least <= room && room < least + 2 ** (bits - low) + 8)) {
    throw bad("a status set whose length and count do not fit");
  }
  return [bits, low, count];
}

class Reader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 8 * HEADER_BYTES;
    this.size = 8 * data.length;
  }

  bit() {
    if (this.at >= this.size) throw bad("a status set cut short");
    const bit = (this.data[this.at >> 3] >> (7 - (this.at & 7))) & 1;
    this.at += 1;
    return bit;
  }

  zeros() {
    let number = 0;
    while (this.bit() === 0) number += 1;
    return number;
  }

  /** @param {number} count */
  take(count) {
    let value = 0;
    for (let read = 0; read < count; read += 1) value = value * 2 + this.bit();
    return value;
  }

  end() {
    let left = this.size - this.at;
    if (left >= 8) throw bad("more in a status set than its count says");
    for (; left > 0; left -= 1) if (this.bit()) throw bad("more in a status set than its count says");
  }
}

class Writer {
  constructor() {
    /** @type {number[]} */
    this.bytes = [];
    this.held = 0;
    this.count = 0;
  }

  /** @param {number} bit */
  put(bit) {
    this.held = (this.held << 1) | bit;
    this.count += 1;
    if (this.count < 8) return;
    this.bytes.push(this.held);
    [this.held, this.count] = [0, 0];
  }

  /** @param {number} zeros @param {number} rest @param {number} low */
  gap(zeros, rest, low) {
    for (let written = 0; written < zeros; written += 1) this.put(0);
    this.put(1);
    for (let bit = low - 1; bit >= 0; bit -= 1) this.put(Math.floor(rest / 2 ** bit) % 2);
  }

  done() {
    while (this.count) this.put(0);
    return Uint8Array.from(this.bytes);
  }
}

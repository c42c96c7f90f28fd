// Bounded decompression (RFC 1950, RFC 1951): at most `MAX_BYTES` come out, and all input must be used up.
//
// Our own, since a browser's DecompressionStream does not say where a stream ended: bytes behind it would go unseen.
// What zlib refuses is refused here, too: codes that are over-full or incomplete, distances before the beginning.

import { RefusalError } from "../kernel/errors.js";

export const MAX_BYTES = 65_536;

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST_CODE = 15;
const END = 256;

/** Undo zlib, as HCERT uses it; refuses with `inflate` or `too-big`. @param {Uint8Array} data @param {number} [limit] */
export function inflateZlib(data, limit = MAX_BYTES) {
  if (data.length < 2) throw broken("cut short");
  const [method, flags] = data;
  if ((method * 256 + flags) % 31 || (method & 15) !== 8 || method >> 4 > 7 || flags & 32) throw broken("not zlib");
  const stream = new Stream(data, 2, limit);
  const result = stream.inflate();
  const end = stream.end();
  if (data.length < end + 4) throw broken("cut short");
  const stated = new DataView(data.buffer, data.byteOffset + end).getUint32(0);
  if (stated !== adler32(result)) throw broken("a checksum that does not fit");
  if (data.length > end + 4) throw broken("bytes after the end");
  return result;
}

/** Undo raw DEFLATE, as SMART Health Cards use it; same refusals. @param {Uint8Array} data */
export function inflateRaw(data) {
  const stream = new Stream(data, 0, MAX_BYTES);
  const result = stream.inflate();
  if (stream.end() !== data.length) throw broken("bytes after the end");
  return result;
}

/** Undo gzip (RFC 1952), as bundles use it: one member and nothing behind it; same refusals. @param {Uint8Array} data @param {number} limit */
export function inflateGzip(data, limit) {
  const stream = new Stream(data, gzipHead(data), limit);
  const result = stream.inflate();
  const end = stream.end();
  if (data.length < end + 8) throw broken("cut short");
  const view = new DataView(data.buffer, data.byteOffset + end);
  if (view.getUint32(0, true) !== crc32(result) || view.getUint32(4, true) !== result.length) {
    throw broken("a checksum or a length that does not fit");
  }
  if (data.length > end + 8) throw broken("bytes after the end");
  return result;
}

/** Return where a gzip member's stream begins. @param {Uint8Array} data */
function gzipHead(data) {
  const flags = data[3];
  if (data.length < 10 || data[0] !== 0x1f || data[1] !== 0x8b || data[2] !== 8 || flags & 0xe0) throw broken("not gzip");
  let at = 10;
  if (flags & 4) at += 2 + (data[at] ?? 0) + 256 * (data[at + 1] ?? 0);
  for (const flag of [8, 16]) if (flags & flag) at = data.indexOf(0, at) + 1 || data.length;
  if (!(flags & 2)) return at;
  const stated = (data[at] ?? 0) + 256 * (data[at + 1] ?? 0);
  if (at + 2 > data.length || (crc32(data.subarray(0, at)) & 0xffff) !== stated) throw broken("a head that does not fit");
  return at + 2;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** Return the checksum of gzip. @param {Uint8Array} data */
export function crc32(data) {
  let rest = 0xffffffff;
  for (let at = 0; at < data.length; at += 1) rest = CRC_TABLE[(rest ^ data[at]) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

/** @param {string} what */
function broken(what) {
  return new RefusalError("inflate", what);
}

/** @param {Uint8Array} data */
function adler32(data) {
  let low = 1;
  let high = 0;
  for (const byte of data) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

class Stream {
  /** @param {Uint8Array} data @param {number} at @param {number} limit */
  constructor(data, at, limit) {
    this.data = data;
    this.at = at;
    this.held = 0;
    this.bits = 0;
    this.limit = limit;
    this.out = new Uint8Array(Math.min(limit, MAX_BYTES));
    this.length = 0;
  }

  inflate() {
    for (let last = false; !last; ) {
      last = this.take(1) === 1;
      const type = this.take(2);
      if (type === 0) this.stored();
      else if (type === 1) this.block(FIXED_LENGTHS, FIXED_DISTANCES);
      else if (type === 2) this.dynamic();
      else throw broken("a block of no kind");
    }
    return this.out.slice(0, this.length);
  }

  /** Return where the stream ended: the rest of its last byte is filling. */
  end() {
    return this.at - (this.held >> 3);
  }

  /** @param {number} count */
  take(count) {
    while (this.held < count) {
      if (this.at >= this.data.length) throw broken("cut short");
      this.bits |= this.data[this.at++] << this.held;
      this.held += 8;
    }
    const value = this.bits & ((1 << count) - 1);
    this.bits >>>= count;
    this.held -= count;
    return value;
  }

  /** @param {number} byte */
  put(byte) {
    if (this.length >= this.limit) throw new RefusalError("too-big", `inflates past ${this.limit} bytes`);
    if (this.length === this.out.length) this.grow();
    this.out[this.length++] = byte;
  }

  grow() {
    const larger = new Uint8Array(Math.min(this.limit, 2 * this.out.length));
    larger.set(this.out);
    this.out = larger;
  }

  stored() {
    this.take(this.held & 7);
    const length = this.take(16);
    if ((length ^ this.take(16)) !== 0xffff) throw broken("a stored block of no length");
    for (let read = 0; read < length; read += 1) this.put(this.take(8));
  }

  dynamic() {
    const [lengths, distances, codes] = [this.take(5) + 257, this.take(5) + 1, this.take(4) + 4];
    if (lengths > 286 || distances > 30) throw broken("too many codes");
    const sizes = new Uint8Array(19);
    for (let read = 0; read < codes; read += 1) sizes[ORDER[read]] = this.take(3);
    const all = this.sizes(new Code(sizes, false), lengths + distances);
    if (all[END] === 0) throw broken("no code ends a block");
    this.block(new Code(all.subarray(0, lengths), true), new Code(all.subarray(lengths), true));
  }

  /** @param {Code} code @param {number} count */
  sizes(code, count) {
    const all = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const symbol = code.read(this);
      if (symbol < 16) {
        all[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw broken("nothing to repeat");
      const value = symbol === 16 ? all[at - 1] : 0;
      const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (at + times > count) throw broken("repeats past the end");
      all.fill(value, at, at + times);
      at += times;
    }
    return all;
  }

  /** @param {Code} lengths @param {Code} distances */
  block(lengths, distances) {
    for (;;) {
      const symbol = lengths.read(this);
      if (symbol === END) return;
      if (symbol < END) this.put(symbol);
      else this.copy(symbol - 257, distances);
    }
  }

  /** @param {number} symbol @param {Code} distances */
  copy(symbol, distances) {
    if (symbol >= LENGTH_BASE.length) throw broken("a length of no kind");
    const length = LENGTH_BASE[symbol] + this.take(LENGTH_EXTRA[symbol]);
    const far = distances.read(this);
    if (far >= DISTANCE_BASE.length) throw broken("a distance of no kind");
    const distance = DISTANCE_BASE[far] + this.take(DISTANCE_EXTRA[far]);
    if (distance > this.length) throw broken("before the beginning");
    for (let read = 0; read < length; read += 1) this.put(this.out[this.length - distance]);
  }
}

/** A canonical Huffman code: how many symbols each length has, and the symbols in order. */
class Code {
  /** @param {ArrayLike<number>} sizes @param {boolean} lone whether a single code of one bit may stand alone */
  constructor(sizes, lone) {
    this.counts = new Uint16Array(LONGEST_CODE + 1);
    for (let symbol = 0; symbol < sizes.length; symbol += 1) this.counts[sizes[symbol]] += 1;
    const empty = this.counts[0] === sizes.length;
    this.counts[0] = 0;
    let left = 1;
    for (let size = 1; size <= LONGEST_CODE; size += 1) {
      left = left * 2 - this.counts[size];
      if (left < 0) throw broken("a code that is over-full");
    }
    const single = this.counts[1] === 1 && this.counts.every((number, size) => size <= 1 || number === 0);
    if (left > 0 && !empty && !(lone && single)) throw broken("a code that is incomplete");
    if (empty && !lone) throw broken("a code that is incomplete");
    const offsets = new Uint16Array(LONGEST_CODE + 2);
    for (let size = 1; size <= LONGEST_CODE; size += 1) offsets[size + 1] = offsets[size] + this.counts[size];
    this.symbols = new Uint16Array(sizes.length);
    for (let symbol = 0; symbol < sizes.length; symbol += 1) {
      if (sizes[symbol]) this.symbols[offsets[sizes[symbol]]++] = symbol;
    }
  }

  /** @param {Stream} stream */
  read(stream) {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let size = 1; size <= LONGEST_CODE; size += 1) {
      code |= stream.take(1);
      const count = this.counts[size];
      if (code - count < first) return this.symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw broken("no such code");
  }
}

const FIXED_LENGTHS = new Code(
  Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
  true,
);
const FIXED_DISTANCES = new Code(Array.from({ length: 32 }, () => 5), true);

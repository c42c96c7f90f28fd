// A bundle: a whole trust repository in one file, to be carried on a stick or kept here (spec/federation.md, section 10).
//
// Responsible for the form.  Leaves to the client what the files are worth: a bundle is signed by nobody, what is in it
// is.  Nothing is unfolded past a limit, and no name leads out of the folders.

import { concat, hex, hexBytes, joined, source } from "../kernel/bytes.js";
import { Float, loads } from "../kernel/cbor.js";
import { dumps } from "../kernel/cbor_writer.js";
import { RefusalError } from "../kernel/errors.js";
import { crc32, inflateGzip } from "../credentials/inflate.js";

/** Bytes of a bundle as it lies on the disk, and of all its files together. */
export const MOST_BUNDLE = 16_000_000;
export const MOST_TOTAL = 64_000_000;
const MOST_FILES = 10_000;
const MOST_DIGESTS = 65_536;
const NAME = /^(metadata|targets)(\/[A-Za-z0-9][A-Za-z0-9._-]{0,199}){1,2}$/;
const STATUS_NAME = /^status\/[0-9a-f]{64}\.hxs$/;
const DIGEST = /[0-9a-f]{64}/g;
const DIGEST_BYTES = 32;
// A mark and its number are three bytes, and become sixty-four.
const GROWN = 2 * DIGEST_BYTES - 3;
// RFC 1952: deflate, no flags, no time, smallest size, system unknown.
const HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff);
// What CBOR adds to the files: a name and two lengths each.
const AROUND = 300 * MOST_FILES;
const LATIN = new TextDecoder("latin1");

/** @typedef {Map<string, Uint8Array>} Files */

/** Tell whether it names a file of a repository; none begins with a dot, none leads elsewhere. @param {unknown} name */
export function isName(name) {
  return typeof name === "string" && NAME.test(name);
}

/** Tell whether it names a status set that comes along. @param {unknown} name */
export function isStatusName(name) {
  return typeof name === "string" && STATUS_NAME.test(name);
}

/**
 * Return the files of a bundle; refuses with `trust-file` or `too-big`.
 * @param {Uint8Array} data @param {string[]} [beside] names that may stand beside a repository @returns {Files}
 */
export function openBundle(data, beside = []) {
  if (data.length > MOST_BUNDLE) throw new RefusalError("too-big", `bundle: more than ${MOST_BUNDLE} bytes`);
  let files;
  try {
    const limit = MOST_TOTAL + AROUND;
    files = unfolded(loads(inflateGzip(data, limit), limit, 4 * MOST_FILES));
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    throw new RefusalError(error.code === "too-big" ? "too-big" : "trust-file", `bundle: ${error.detail}`);
  }
  if (files.size > MOST_FILES) throw wrong(`not up to ${MOST_FILES} files`);
  for (const [name, content] of files) {
    if (!isName(name) && !isStatusName(name) && !beside.includes(name)) throw wrong("no name of a file");
    if (!(content instanceof Uint8Array)) throw wrong(`${name}: not bytes`);
  }
  return files;
}

/** @param {string} what */
function wrong(what) {
  return new RefusalError("trust-file", `bundle: ${what}`);
}

/** Return the files, each digest of the table in its place. @param {any} found @returns {Map<any, any>} */
function unfolded(found) {
  const named = found instanceof Map && found.size === 4 && ["v", "digests", "json", "other"].every((name) => found.has(name));
  if (!named) throw wrong("not a bundle");
  const [version, digests, texts, others] = ["v", "digests", "json", "other"].map((name) => found.get(name));
  const first = version === 1 || version === true || (version instanceof Float && version.value === 1);
  if (!first || !(digests instanceof Uint8Array) || digests.length % DIGEST_BYTES) throw wrong("not of version 1");
  if (!(texts instanceof Map) || !(others instanceof Map)) throw wrong("not two sets of files");
  if ([...texts.keys()].some((name) => others.has(name))) throw wrong("a file twice");
  if (![...texts.values()].every((data) => data instanceof Uint8Array)) throw wrong("a file that is not bytes");
  // Each mark unfolds to some twenty times its size: bounded before any does.
  let whole = 0;
  for (const data of texts.values()) whole += data.length + GROWN * marks(data);
  if (whole > MOST_TOTAL) throw new RefusalError("too-big", `unfolds past ${MOST_TOTAL} bytes`);
  const table = Array.from({ length: digests.length / DIGEST_BYTES }, (_, at) => at * DIGEST_BYTES);
  const written = table.map((at) => new TextEncoder().encode(hex(digests.subarray(at, at + DIGEST_BYTES))));
  const files = new Map([...texts].map(([name, data]) => [name, withDigests(data, written)]));
  for (const [name, data] of others) files.set(name, data);
  return files;
}

/** Return how many marks stand in a file. @param {Uint8Array} data */
function marks(data) {
  let count = 0;
  for (let at = data.indexOf(0); at >= 0; at = data.indexOf(0, at + 3)) count += 1;
  return count;
}

/** @param {Uint8Array} data @param {Uint8Array[]} table */
function withDigests(data, table) {
  const parts = [];
  let from = 0;
  for (let at = data.indexOf(0); at >= 0; at = data.indexOf(0, from)) {
    const digest = at + 2 < data.length ? table[data[at + 1] * 256 + data[at + 2]] : undefined;
    if (digest === undefined) throw wrong("a digest that is not in the table");
    parts.push(data.subarray(from, at), digest);
    from = at + 3;
  }
  return parts.length ? joined([...parts, data.subarray(from)]) : data;
}

/** Return files in one; refuses with `too-big`. @param {Files} files @returns {Promise<Uint8Array>} */
export async function pack(files) {
  let total = 0;
  for (const data of files.values()) total += data.length;
  if (files.size > MOST_FILES || total > MOST_TOTAL) throw new RefusalError("too-big", "a bundle of more than it may hold");
  const data = dumps(folded(files));
  const end = new Uint8Array(8);
  new DataView(end.buffer).setUint32(0, crc32(data), true);
  new DataView(end.buffer).setUint32(4, data.length, true);
  const packed = concat(HEAD, await deflated(data), end);
  if (packed.length > MOST_BUNDLE) throw new RefusalError("too-big", `a bundle of more than ${MOST_BUNDLE} bytes`);
  return packed;
}

/** @param {Uint8Array} data */
async function deflated(data) {
  const stream = new Blob([/** @type {BlobPart} */ (source(data))]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Return the files with each digest that stands twice or more written as its number in the table. @param {Files} files */
function folded(files) {
  const texts = new Map([...files].filter(([name, data]) => name.endsWith(".json") && !data.includes(0)));
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const data of texts.values()) {
    for (const [digest] of LATIN.decode(data).matchAll(DIGEST)) times.set(digest, (times.get(digest) ?? 0) + 1);
  }
  const table = [...times].filter(([, count]) => count > 1).map(([digest]) => digest).sort().slice(0, MOST_DIGESTS); // prettier-ignore
  const numbers = new Map(table.map((digest, at) => [digest, Uint8Array.of(0, at >> 8, at & 255)]));
  const digests = hexBytes(table.join("")) ?? new Uint8Array();
  const json = new Map([...texts].map(([name, data]) => [name, withNumbers(data, numbers)]));
  const other = new Map([...files].filter(([name]) => !texts.has(name)));
  return new Map(Object.entries({ v: 1, digests, json, other }));
}

/** @param {Uint8Array} data @param {Map<string, Uint8Array>} numbers */
function withNumbers(data, numbers) {
  const parts = [];
  let from = 0;
  for (const found of LATIN.decode(data).matchAll(DIGEST)) {
    const number = numbers.get(found[0]);
    if (number === undefined) continue;
    parts.push(data.subarray(from, found.index), number);
    from = found.index + found[0].length;
  }
  return joined([...parts, data.subarray(from)]);
}

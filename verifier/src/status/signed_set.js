// Signed status sets (spec/status.md, section 3): a whole set, then deltas that only add, each continuing the one before.

import { concat, same, sha256 } from "../kernel/bytes.js";
import { MAX_BYTES as MAX_CBOR, loads } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import { fromEpoch } from "../kernel/instants.js";
import { parse } from "../credentials/cose.js";
import { bad } from "./index_set.js";
import * as rice from "./rice.js";

const LENGTH_BYTES = 2;
const MAX_STATEMENT = 4_096;
const MAX_AHEAD = 5 * 60 * 1e6;
export const MAX_BYTES = rice.MAX_BYTES + MAX_STATEMENT + LENGTH_BYTES;

// In the deterministic order of RFC 8949: shorter names first, then by letter.
const FIELDS = ["v", "set", "uri", "bits", "body", "next", "as_of", "huxin", "before", "region", "version"];
const BYTES = ["set", "body"];
const TEXTS = ["huxin", "region", "uri"];

/**
 * @typedef {{ region: string, uri: string }} ListName
 * @typedef {{ name: ListName, version: number, found: import("./index_set.js").IndexSet, digest: Uint8Array,
 *   asOf: import("../kernel/instants.js").Instant, next: import("../kernel/instants.js").Instant }} Held
 */

/**
 * Return what is held after a file; what was held stays where it is refused.
 * @param {Uint8Array} data @param {ListName} name @param {import("../anchors.js").Anchor[]} keys
 * @param {Held | null} held @param {import("../kernel/instants.js").Instant} now @returns {Promise<Held>}
 */
export async function accept(data, name, keys, held, now) {
  // (1) Bounded and split, (2) signed by a key that may, before anything inside is believed.
  const [envelope, body] = split(data);
  const opened = parse(envelope);
  if (!(await signedByOne(opened, name, keys, now))) {
    throw new RefusalError("signature", "a status set not signed by a key that may");
  }
  // (3) The statement is of this list, and its time is now.
  const said = statement(opened.payload);
  if (said.region !== name.region || said.uri !== name.uri) throw bad("a status set of another list");
  if (said.asOf.micros > now.micros + MAX_AHEAD) throw new RefusalError("not-yet", "a status set of the future");
  if (said.next.micros <= now.micros) throw new RefusalError("expired", "a status set whose next one was due");
  // (4) The body is the one meant, and the set that results follows on what is held.
  const after = await result(said, name, body, held);
  if (held !== null) follows(held, after);
  return after;
}

/** Return what a whole set says that was accepted before and kept; no key and no clock are asked. @param {Uint8Array} data @returns {Promise<Held>} */
export async function reopen(data) {
  const [envelope, body] = split(data);
  const said = statement(parse(envelope).payload);
  return result(said, { region: said.region, uri: said.uri }, body, null);
}

/** @param {Uint8Array} data @returns {[Uint8Array, Uint8Array]} */
function split(data) {
  if (data.length > MAX_BYTES) throw new RefusalError("too-big", "a signed status set");
  const end = LENGTH_BYTES + (data.length < 2 ? (data[0] ?? 0) : data[0] * 256 + data[1]);
  if (end > Math.min(data.length, LENGTH_BYTES + MAX_STATEMENT)) throw bad("a signed status set cut short");
  return [data.subarray(LENGTH_BYTES, end), data.subarray(end)];
}

/** @param {any} opened @param {ListName} name @param {any[]} keys @param {any} now */
async function signedByOne(opened, name, keys, now) {
  for (const one of keys) {
    const right = one.region === name.region && one.standing === "active" && opened.kid && same(one.kid, opened.kid);
    const begun = one.validFrom === null || one.validFrom.micros <= now.micros;
    const ended = one.validUntil !== null && one.validUntil.micros < now.micros;
    if (!right || !begun || ended || one.key.algorithm !== opened.algorithm) continue;
    if (await one.key.verify(opened.signature, opened.signed)) return true;
  }
  return false;
}

/** Read a statement; one that is not in the deterministic form is refused. @param {Uint8Array} payload */
function statement(payload) {
  const read = loads(payload, MAX_CBOR);
  const fields = read instanceof Map ? read : new Map();
  const named = fields.size === FIELDS.length && FIELDS.every((name) => fields.has(name));
  const typed = FIELDS.every((name) => isRight(name, fields.get(name)));
  if (!named || !typed || fields.get("huxin") !== "status-set" || fields.get("v") !== 1 || fields.get("version") < 1) {
    throw bad("not the statement of a status set of version 1");
  }
  if (!same(written(fields), payload)) throw bad("a statement that is not deterministic CBOR");
  return {
    region: fields.get("region"), uri: fields.get("uri"), bits: fields.get("bits"), version: fields.get("version"),
    asOf: fromEpoch(fields.get("as_of")), next: fromEpoch(fields.get("next")),
    before: fields.get("before"), result: fields.get("set"), body: fields.get("body"),
  }; // prettier-ignore
}

/** @param {string} name @param {any} value */
function isRight(name, value) {
  if (name === "before") return value === null || value instanceof Uint8Array;
  if (BYTES.includes(name)) return value instanceof Uint8Array;
  return TEXTS.includes(name) ? typeof value === "string" : typeof value === "number";
}

/** Write a statement in its one form. @param {Map<string, any>} fields */
function written(fields) {
  const parts = FIELDS.flatMap((name) => [item(name), item(fields.get(name))]);
  return concat(Uint8Array.of(0xa0 | FIELDS.length), ...parts);
}

/** @param {string | number | Uint8Array | null} value @returns {Uint8Array} */
function item(value) {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  const data = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return concat(head(typeof value === "string" ? 3 : 2, data.length), data);
}

/** Return the shortest head of a CBOR item. @param {number} major @param {number} number */
function head(major, number) {
  const type = major << 5;
  if (number < 24) return Uint8Array.of(type | number);
  const size = number < 2 ** 8 ? 1 : number < 2 ** 16 ? 2 : number < 2 ** 32 ? 4 : 8;
  const data = new Uint8Array(1 + size);
  data[0] = type | (24 + Math.log2(size));
  for (let at = size, left = number; at > 0; at -= 1, left = Math.floor(left / 256)) data[at] = left % 256;
  return data;
}

/** Return the set that a statement and its body make of what is held. @param {any} said @param {ListName} name @param {Uint8Array} body @param {Held | null} held */
async function result(said, name, body, held) {
  if (!same(await sha256(body), said.body)) throw bad("another body than the signed one");
  const added = rice.decode(body);
  const found = said.before === null ? added : continued(said, added, held);
  const digest = await sha256(rice.encode(found));
  if (added.bits !== said.bits || !same(digest, said.result)) throw bad("another set than the signed one");
  return { name, version: said.version, found, digest, asOf: said.asOf, next: said.next };
}

/** @param {any} said @param {import("./index_set.js").IndexSet} added @param {Held | null} held */
function continued(said, added, held) {
  if (held === null || said.version > held.version + 1) throw bad("a delta that skips one");
  if (said.version <= held.version) throw bad("a status set no newer than the one held");
  if (!same(said.before, held.digest)) throw bad("a delta that continues another set");
  if (added.bits !== said.bits) throw bad("another set than the signed one");
  return held.found.bits === said.bits ? held.found.with(added.indices) : added;
}

/** Refuse what cannot come after what is held: older, of another size, or with a place given back. @param {Held} before @param {Held} after */
function follows(before, after) {
  if (after.found.bits !== before.found.bits) throw bad("a status set of another list");
  if (after.version <= before.version || after.asOf.micros < before.asOf.micros) {
    throw bad("a status set no newer than the one held");
  }
  if (!before.found.indices.every((index) => after.found.has(index))) {
    throw bad("a status set that gives a withdrawn card back");
  }
}

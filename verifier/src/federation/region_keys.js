// A region's keys as the federation carries them: small, in one form, and with tombstones that nobody takes back.
//
// Responsible for reading one such file.  Leaves to `lint` whether tombstones were kept and caps are respected, and to
// `effective` what is made of the keys.

import { anchor } from "../anchors.js";
import { concat, hex, hexBytes, letters, same, utf8Bytes } from "../kernel/bytes.js";
import { isWhole, loads } from "../kernel/cbor.js";
import { dumps, order } from "../kernel/cbor_writer.js";
import { UnusableKeyError } from "../kernel/errors.js";
import { epoch } from "../kernel/instants.js";
import { keyOfCompact } from "../kernel/keys.js";
import { sha256Now } from "../kernel/sha256.js";
import { ENVIRONMENTS } from "./charter.js";
import { refuse } from "./fields.js";
import { isRegion } from "./layout.js";

export const MOST_BYTES = 2_000_000;
const MOST_KEYS = 20_000;
const MOST_KID = 64;
const MOST_ISSUER = 300;
const DIGEST_BYTES = 32;
const NAMES = ["huxin", "v", "region", "environment", "keys", "revoked"];
const DOMAINS = ["dcc", "icvp", "huxin", "shc"];
const ALGORITHMS = ["ES256", "PS256", "EdDSA"];
const KINDS = ["vaccination", "test", "recovery", "examination", "clearance"];
/** Why a key was buried; the list is closed, so that every region can say it in its language. */
const REASONS = ["lost", "compromised", "misused", "replaced", "mistake"];

/**
 * One key in one domain; `compact` is its shortest form, `material` the SHA-256 of its SPKI in hexadecimal digits.
 * @typedef {import("../kernel/instants.js").Instant} Instant
 * @typedef {{ domain: string, kid: Uint8Array, key: import("../kernel/keys.js").PublicKey, compact: Uint8Array,
 *   material: string, grave: string, usage: string[] | null, since: Instant, until: Instant, issueUntil: Instant,
 *   cap: number | bigint, issuer: string | null }} SigningKey
 * @typedef {{ material: string, at: Instant, reason: string }} Tombstone
 * @typedef {{ region: string, environment: string, keys: SigningKey[], revoked: Tombstone[], graves: Set<string> }} RegionKeys
 */

/** Return what a list remembers a tombstone by: a region buries its own keys only. @param {string} region @param {string} material */
function graveOf(region, material) {
  return hex(sha256Now(concat(utf8Bytes(`${region}:`), hexBytes(material) ?? new Uint8Array())));
}

/** Return a key as a verifier holds it. @param {SigningKey} key @param {string} region @param {string} environment */
export function asAnchor(key, region, environment) {
  return anchor({
    region, domain: key.domain, kid: key.kid, key: key.key, usage: key.usage !== null ? new Set(key.usage) : null,
    validFrom: key.since, validUntil: key.until, environment, standing: "active", issuer: key.issuer, issueUntil: key.issueUntil,
  }); // prettier-ignore
}

/** Read the file; refuses with `trust-file`, `cbor` or `too-big`. @param {Uint8Array} data @returns {Promise<RegionKeys>} */
export async function parseRegionKeys(data) {
  const read = loads(data, MOST_BYTES);
  if (!(read instanceof Map) || read.size !== NAMES.length || !NAMES.every((name) => read.has(name))) {
    throw refuse("", "not a file of keys");
  }
  if (read.get("huxin") !== "keys" || read.get("v") !== 1) throw refuse("", "not a file of keys of version 1");
  const [region, environment] = [read.get("region"), read.get("environment")];
  if (!isRegion(region) || !ENVIRONMENTS.includes(environment)) throw refuse("/region", "not a region, or no environment");
  const [rows, stones] = [rowsOf(read.get("keys"), "/keys", 10), rowsOf(read.get("revoked"), "/revoked", 3)];
  const keys = [];
  for (const [number, row] of rows.entries()) keys.push(await signingKey(row, `/keys/${number}`, region));
  const revoked = stones.map((row, number) => tombstone(row, `/revoked/${number}`));
  if (!same(written(read, rows, stones), data)) throw refuse("", "not in its one form");
  once(keys.map((one) => `${one.domain} ${one.material}`), "/keys", "a key twice in one domain");
  once(revoked.map((one) => one.material), "/revoked", "a key twice");
  const graves = new Set();
  for (const stone of revoked) graves.add(graveOf(region, stone.material));
  return { region, environment, keys, revoked, graves };
}

/** Return the file in its one form. @param {Map<string, any>} read @param {any[][]} rows @param {any[][]} stones */
function written(read, rows, stones) {
  const whole = new Map(read);
  whole.set("keys", [...rows].sort(byKey));
  whole.set("revoked", [...stones].sort(byMaterial));
  return dumps(whole);
}

/** @param {any[]} one @param {any[]} other */
function byKey(one, other) {
  if (one[0] !== other[0]) return one[0] < other[0] ? -1 : 1;
  return order(one[1], other[1]) || order(one[3], other[3]);
}

/** @param {any[]} one @param {any[]} other */
function byMaterial(one, other) {
  return order(one[0], other[0]) || one[1] - other[1] || (one[2] < other[2] ? -1 : Number(one[2] > other[2]));
}

/** @param {string[]} names @param {string} place @param {string} what */
function once(names, place, what) {
  if (new Set(names).size < names.length) throw refuse(place, what);
}

/** @param {unknown} found @param {string} place @param {number} width @returns {any[][]} */
function rowsOf(found, place, width) {
  if (!Array.isArray(found) || found.length > MOST_KEYS) throw refuse(place, `not a list of up to ${MOST_KEYS}`);
  if (!found.every((row) => Array.isArray(row) && row.length === width)) throw refuse(place, `not lists of ${width}`);
  return found;
}

/** @param {any[]} row @param {string} place @param {string} region @returns {Promise<SigningKey>} */
async function signingKey(row, place, region) {
  const [domain, kid, algorithm, compact, usage, since, until, issueUntil, cap, issuer] = row;
  const named = kid instanceof Uint8Array && kid.length > 0 && kid.length <= MOST_KID;
  if (!DOMAINS.includes(domain) || !named) throw refuse(place, "no domain, or no kid");
  if (typeof algorithm !== "number" || !(algorithm in ALGORITHMS)) throw refuse(place, "an algorithm of no kind");
  if (!(compact instanceof Uint8Array) || !isWhole(cap) || cap < 1) throw refuse(place, "no key, or no cap");
  if (issuer !== null && !isIssuer(issuer)) throw refuse(place, "an issuer that is no text");
  const key = await publicKey(ALGORITHMS[algorithm], compact, place);
  const [begin, end, last] = [since, until, issueUntil].map((one) => instant(one, place));
  if (!(begin.micros < last.micros && last.micros <= end.micros)) throw refuse(place, "ends before it begins");
  const material = hex(sha256Now(key.spki));
  const grave = graveOf(region, material);
  return {
    domain, kid, key, compact, material, grave, usage: kinds(usage, place), since: begin, until: end, issueUntil: last, cap, issuer,
  }; // prettier-ignore
}

/** @param {unknown} issuer */
function isIssuer(issuer) {
  return typeof issuer === "string" && issuer !== "" && letters(issuer) <= MOST_ISSUER;
}

/** @param {string} algorithm @param {Uint8Array} compact @param {string} place */
async function publicKey(algorithm, compact, place) {
  try {
    return await keyOfCompact(algorithm, compact);
  } catch (error) {
    if (error instanceof UnusableKeyError) throw refuse(place, error.message);
    throw error;
  }
}

/** @param {unknown} found @param {string} place @returns {string[] | null} */
function kinds(found, place) {
  if (found === null) return null;
  // An empty list is refused: it would read as "none", and be meant as "any".
  if (!Array.isArray(found) || found.length === 0 || !found.every((one) => KINDS.includes(one))) {
    throw refuse(place, "usage that is no list of kinds");
  }
  if (found.some((one, at) => at > 0 && found[at - 1] >= one)) throw refuse(place, "usage twice, or out of order");
  return found;
}

/** @param {any[]} row @param {string} place @returns {Tombstone} */
function tombstone(row, place) {
  const [material, at, reason] = row;
  if (!(material instanceof Uint8Array) || material.length !== DIGEST_BYTES) throw refuse(place, "not the SHA-256 of a key");
  if (!REASONS.includes(reason)) throw refuse(place, `none of ${REASONS.join(", ")}`);
  return { material: hex(material), at: instant(at, place), reason };
}

/** @param {unknown} seconds @param {string} place @returns {Instant} */
function instant(seconds, place) {
  const found = typeof seconds === "number" ? epoch(seconds) : null;
  if (found === null) throw refuse(place, "not seconds since 1970");
  return found;
}

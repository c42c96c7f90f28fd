// HCERT: `HC1:` + Base45 + zlib + COSE_Sign1 + CWT + health claim → credential.
//
// The claim inside decides the family: 1 is the EU DCC, -6 the WHO vaccination certificate, -100 the Huxin attestation.

import { letters } from "../kernel/bytes.js";
import { Float, Tag, hasPlainKeys, isWhole, loads } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import { Instant, fromEpochOrLast } from "../kernel/instants.js";
import * as attestation from "./attestation.js";
import { decode } from "./base45.js";
import * as cose from "./cose.js";
import * as dcc from "./dcc.js";
import * as icvp from "./icvp.js";
import { inflateZlib } from "./inflate.js";
import { isMap } from "./untrusted.js";

export const PREFIX = "HC1:";
export const STEPS = ["prefix", "base45", "inflate", "cose"];
export const MAX_TEXT = 16_384;

const ISS = 1;
const EXP = 4;
const NBF = 5;
const IAT = 6;
const HCERT = -260;
const STATUS = 65_535;
const CWT_TAG = 61;
const FAMILIES = [
  { claim: 1, format: "hcert-1", domain: "dcc", parse: dcc.parse },
  { claim: -6, format: "hcert-6", domain: "icvp", parse: icvp.parse },
  { claim: -100, format: "hcert-100", domain: "huxin", parse: attestation.parse },
];

/** Open an `HC1:` text; appends each step to `passed` once it held. @param {string} text @param {string[]} passed */
export function openText(text, passed) {
  // (1) Context identifier.  A lower-case one is wrong: Base45 has no lower case.
  if (!text.startsWith(PREFIX)) throw new RefusalError("prefix", "does not begin with HC1:");
  if (letters(text) > MAX_TEXT) throw new RefusalError("too-big", "text");
  passed.push("prefix");
  // (2) Base45, (3) zlib: what is not compressed is not an HCERT.
  const packed = decode(text.slice(PREFIX.length));
  passed.push("base45");
  const envelope = inflateZlib(packed);
  passed.push("inflate");
  // (4) COSE_Sign1 around a CWT.
  const sign1 = cose.parse(envelope);
  const read = claimsOf(sign1.payload);
  const [family, body] = healthClaim(read);
  const found = credential(sign1, read, family, body);
  passed.push("cose");
  return found;
}

/** @param {Uint8Array} payload @returns {Map<any, any>} */
function claimsOf(payload) {
  let value = loads(payload);
  if (value instanceof Tag && value.tag === CWT_TAG) value = value.value;
  if (!isMap(value) || !hasPlainKeys(/** @type {any} */ (value))) {
    throw new RefusalError("cose", "payload is not a map of claims");
  }
  return /** @type {any} */ (value);
}

/** @param {Map<any, any>} read @returns {[typeof FAMILIES[0], any]} */
function healthClaim(read) {
  const health = read.get(HCERT);
  if (!isMap(health) || !hasPlainKeys(/** @type {any} */ (health))) throw new RefusalError("cose", "no health claim");
  for (const family of FAMILIES) {
    const body = /** @type {Map<any, any>} */ (health).get(family.claim) ?? null;
    if (isMap(body)) return [family, body];
    if (body !== null) throw new RefusalError("cbor", "a health claim that is not a map");
  }
  throw new RefusalError("format", "a health claim of another kind");
}

/** @param {cose.Sign1} sign1 @param {Map<any, any>} read @param {typeof FAMILIES[0]} family @param {any} body */
function credential(sign1, read, family, body) {
  let facts = null;
  let fault = null;
  try {
    facts = family.parse(body);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    fault = error;
  }
  const issuer = read.get(ISS);
  const { algorithm, kid, rivalKid, signed, signature } = sign1;
  return {
    format: family.format,
    domain: family.domain,
    algorithm, kid, rivalKid, signed, signature,
    issuer: typeof issuer === "string" ? issuer : null,
    issued: instant(read.get(IAT)),
    notBefore: instant(read.get(NBF)),
    expires: instant(read.get(EXP)),
    claims: read,
    facts,
    fault,
    rid: null,
    status: statusOf(read.get(STATUS)),
  }; // prettier-ignore
}

/** Read a NumericDate; real cards also carry floats and tagged instants. @param {unknown} value */
function instant(value) {
  if (value === undefined || value === null) return null;
  const seconds = value instanceof Instant ? value.seconds : value instanceof Float ? value.value : value;
  if (!isWhole(seconds)) throw new RefusalError("cose", "a time that is not a number");
  try {
    return fromEpochOrLast(seconds);
  } catch {
    throw new RefusalError("cose", "a time outside the calendar");
  }
}

/** Read claim 65535 (Token Status List, CWT form); anything else there is no index. @param {any} value */
function statusOf(value) {
  const entry = value instanceof Map ? value.get("status_list") : null;
  if (!(entry instanceof Map)) return null;
  const [uri, index] = [entry.get("uri"), entry.get("idx")];
  return typeof uri === "string" && isWhole(index) && index >= 0 ? { uri, index } : null;
}

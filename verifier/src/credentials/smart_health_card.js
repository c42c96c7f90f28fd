// SMART Health Cards (framework 1.4.0): `shc:/` digits → compact JWS → credential; one code, chunks, a JWS, a file.

import { b64urlBytes, letters, utf8Bytes } from "../kernel/bytes.js";
import { Float, isWhole } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import { fromEpochOrLast } from "../kernel/instants.js";
import { parseJson } from "../kernel/json.js";
import * as fhir from "./fhir.js";
import { inflateRaw } from "./inflate.js";
import { get, has, isMap } from "./untrusted.js";

export const PREFIX = "shc:/";
export const MAX_TEXT = 65_536;

const ALGORITHM = "ES256"; // the framework knows no other
const CARD_TYPE = "https://smarthealth.cards#health-card";
const CHUNK = /^shc:\/([1-9][0-9]?)\/([1-9][0-9]?)\//;
const MAX_CHUNKED = 1_191;
const OFFSET = 45;
const HIGHEST_PAIR = 77;
const MAX_FILE_CARDS = 50;
const RID = /^[A-Za-z0-9_-]{1,24}$/;

/** Return the JWS that pairs of digits stand for; refuses with `digits`. @param {string} text */
function fromDigits(text) {
  if (!/^(?:[0-9]{2})+$/.test(text)) throw new RefusalError("digits", "an odd number of digits, or other letters");
  let compact = "";
  for (let at = 0; at < text.length; at += 2) {
    const pair = Number(text.slice(at, at + 2));
    if (pair > HIGHEST_PAIR) throw new RefusalError("digits", "a pair above 77");
    compact += String.fromCharCode(pair + OFFSET);
  }
  return compact;
}

/** Return the JWS of one code, or of a whole set of chunks in any order. @param {string[]} texts */
export function fromChunks(texts) {
  const size = texts.reduce((sum, text) => sum + letters(text), 0);
  if (size > MAX_TEXT) throw new RefusalError("too-big", "text");
  if (texts.length === 1 && texts[0].startsWith(PREFIX) && !texts[0].slice(PREFIX.length).includes("/")) {
    return fromDigits(texts[0].slice(PREFIX.length));
  }
  /** @type {Map<number, string>} */
  const parts = new Map();
  const totals = new Set();
  for (const text of texts) {
    const [index, total, part] = chunk(text);
    if (parts.has(index) || index > total) throw new RefusalError("chunks", "a part repeated, or outside its set");
    parts.set(index, part);
    totals.add(total);
  }
  if (totals.size !== 1 || !totals.has(parts.size)) throw new RefusalError("chunks", `${parts.size} parts`);
  return [...parts.keys()].sort((one, other) => one - other).map((index) => parts.get(index)).join("");
}

/** Return index, total and letters of `shc:/index/total/digits`. @param {string} text @returns {[number, number, string]} */
function chunk(text) {
  const match = CHUNK.exec(text);
  if (match === null) {
    throw new RefusalError(text.startsWith(PREFIX) ? "digits" : "prefix", "not shc:/ and digits, nor a part of several");
  }
  const [index, total, part] = [Number(match[1]), Number(match[2]), fromDigits(text.slice(match[0].length))];
  if (total > 1 && part.length > MAX_CHUNKED) throw new RefusalError("digits", "a part longer than 1191 letters");
  return [index, total, part];
}

/** Return the cards of a `.smart-health-card` file or of a FHIR `Parameters` resource. @param {any} document @returns {string[]} */
export function jwsOfFile(document) {
  let cards = get(document, "verifiableCredential");
  if (get(document, "resourceType") === "Parameters") {
    const parameters = get(document, "parameter");
    cards = (Array.isArray(parameters) ? parameters : [])
      .filter((one) => isMap(one) && get(one, "name") === "verifiableCredential")
      .map((one) => get(one, "valueString"));
  }
  if (!Array.isArray(cards) || cards.length === 0 || cards.length > MAX_FILE_CARDS) {
    throw new RefusalError("format", "a file without cards");
  }
  if (!cards.every((card) => typeof card === "string")) throw new RefusalError("jws", "a card that is not text");
  return cards.map((card) => card.trim());
}

/** Open one card; appends `jws` and `inflate` to `passed` once they held. @param {string} compact @param {string[]} passed */
export function openJws(compact, passed) {
  if (letters(compact) > MAX_TEXT) throw new RefusalError("too-big", "JWS");
  const parts = compact.split(".");
  if (parts.length !== 3 || !parts[0] || !parts[1]) throw new RefusalError("jws", "not three parts");
  const header = parseJson(b64urlBytes(parts[0]), "jws");
  if (!isMap(header)) throw new RefusalError("jws", "header is not an object");
  const [packed, signature] = [b64urlBytes(parts[1]), b64urlBytes(parts[2])];
  if (get(header, "zip") !== "DEF" || has(header, "crit")) {
    throw new RefusalError("jws", "not marked as compressed, or a critical header");
  }
  const [algorithm, kid] = [get(header, "alg"), get(header, "kid")];
  if (algorithm !== ALGORITHM) throw new RefusalError("alg", "another algorithm than ES256, or none");
  if (typeof kid !== "string" || !/^[\0-\x7f]*$/.test(kid)) throw new RefusalError("kid", "no key identifier");
  passed.push("jws");
  const read = parseJson(inflateRaw(packed), "inflate");
  if (!isMap(read)) throw new RefusalError("inflate", "payload is not an object");
  passed.push("inflate");
  return { ...content(read, passed), algorithm, kid: utf8Bytes(kid), signature, signed: utf8Bytes(`${parts[0]}.${parts[1]}`) };
}

/** @param {any} read @param {string[]} passed */
function content(read, passed) {
  let card, notBefore, expires, rid;
  try {
    card = cardClaim(read);
    [notBefore, expires] = [instant(read, "nbf"), instant(read, "exp")];
    rid = ridOf(card);
  } catch (error) {
    passed.splice(passed.indexOf("jws"), 1); // a JWS, but not one that makes a health card
    throw error;
  }
  let facts = null;
  let fault = null;
  try {
    const subject = get(card, "credentialSubject");
    facts = fhir.parse(isMap(subject) ? get(subject, "fhirBundle") : null);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    fault = error;
  }
  const issuer = get(read, "iss");
  return {
    format: "shc", domain: "shc", rivalKid: null, issuer, issued: null, notBefore, expires, claims: read, facts, fault, rid,
    status: null,
  }; // prettier-ignore
}

/** Check what makes a JWS a health card. @param {any} read */
function cardClaim(read) {
  const [card, issuer] = [get(read, "vc"), get(read, "iss")];
  const types = isMap(card) ? get(card, "type") : null;
  const https = typeof issuer === "string" && issuer.startsWith("https://") && !issuer.endsWith("/");
  if (!isMap(card) || !Array.isArray(types) || !types.includes(CARD_TYPE) || !https) {
    throw new RefusalError("jws", "not a health card, or an issuer that is no https address");
  }
  return card;
}

/** @param {any} read @param {string} key */
function instant(read, key) {
  const value = get(read, key);
  if (value === null) return null;
  if (!isWhole(value) && !(value instanceof Float)) throw new RefusalError("jws", `${key} is not a number`);
  try {
    return fromEpochOrLast(value instanceof Float ? value.value : value);
  } catch {
    throw new RefusalError("jws", `${key} outside the calendar`);
  }
}

/** @param {any} card */
function ridOf(card) {
  const rid = get(card, "rid");
  if (rid === null) return null;
  if (typeof rid !== "string" || !RID.test(rid)) throw new RefusalError("jws", "a revocation identifier of the wrong form");
  return rid;
}

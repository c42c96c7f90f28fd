// A card that was read, with what rules can read of it and no more.  Twin of huxin.trust.rules.readout and .payload.

import { b64 } from "../kernel/bytes.js";
import { Float, isWhole } from "../kernel/cbor.js";
import { Instant, PartialDate, isoText, rfc3339 } from "../kernel/instants.js";
import { isMap } from "../credentials/untrusted.js";
import * as datetimes from "./datetimes.js";
import { factsPayload } from "./payload.js";

const HCERT = -260;
const DCC = 1;
const SPAN = ["valid_from", "valid_until"];

// Kind of event → the fields of it that rules can read.
/** @type {Record<string, string[]>} */
const READABLE = {
  vaccination: ["disease", "vaccine", "product", "maker", "dose", "series", "date", ...SPAN],
  test: ["disease", "method", "result", "sampled", "device", ...SPAN],
  recovery: ["disease", "first_positive", ...SPAN],
  examination: ["purpose", "performed", ...SPAN],
  clearance: ["purpose", "exemption", ...SPAN],
};

/**
 * Return what rules need of one card.
 * @param {any} credential
 * @returns {import("./wallet.js").Card}
 */
export function readout(credential) {
  const { facts, expires } = credential;
  return {
    payload: factsPayload(facts === null ? [] : [ofFacts(facts)]),
    certificate: certificateOf(credential),
    expires: expires === null ? null : rfc3339(expires),
  };
}

/** @param {any} facts */
function ofFacts(facts) {
  const { birth } = facts.person;
  /** @type {Record<string, any>} */
  const payload = { birth: birth === null ? null : String(birth) };
  for (const event of facts.events) (payload[event.kind] ??= []).push(ofEvent(event));
  return payload;
}

/** @param {any} event */
function ofEvent(event) {
  const known = READABLE[event.kind].filter((name) => (event[name] ?? null) !== null);
  return Object.fromEntries(known.map((name) => [name, plain(event[name])]));
}

/** @param {any} one */
function plain(one) {
  if (one instanceof PartialDate) return String(one);
  if (one instanceof Instant) return rfc3339(one);
  return typeof one === "object" ? `${one.system}:${one.code}` : one;
}

/**
 * Return the EU certificate inside a card, as rules read it; null where there is none.
 * @param {any} credential
 * @returns {import("./wallet.js").Read | null}
 */
function certificateOf({ claims, facts, expires, issued, kid }) {
  const health = claims instanceof Map ? claims.get(HCERT) : null;
  const found = health instanceof Map ? health.get(DCC) : null;
  if (!(found instanceof Map) || facts === null) return null;
  const [exp, iat] = [expires, issued].map((one) => (one === null ? null : datetimes.asText(Math.floor(one.micros / 1_000))));
  const external = { issuerCountryCode: facts.place, exp, iat, kid: kid === null ? null : b64(kid) };
  return { kind: facts.events[0].kind, payload: json(found), external };
}

/** Turn what CBOR can hold into what JSON can; what JSON has no word for is null. @param {any} one @returns {any} */
function json(one) {
  if (isMap(one)) {
    const pairs = one instanceof Map ? [...one] : Object.entries(one);
    return Object.fromEntries(pairs.filter(([key]) => isName(key)).map(([key, item]) => [String(key), json(item)]));
  }
  if (Array.isArray(one)) return one.map(json);
  if (one instanceof Float) return one.value;
  if (one instanceof Instant) return isoText(one);
  return ["string", "boolean", "number", "bigint"].includes(typeof one) ? one : null;
}

/** @param {unknown} key */
function isName(key) {
  return typeof key === "string" || isWhole(key);
}

// The conformance door: a case in as one JSON object, an answer out, as `huxin verify --jsonl` gives it.
//
// Texts only: pictures are read by the page's own worker, and files by whoever has a disk.

import { TrustStore } from "../anchors.js";
import { b64Bytes } from "../kernel/bytes.js";
import { RefusalError, UnusableKeyError } from "../kernel/errors.js";
import { parseInstant, rfc3339 } from "../kernel/instants.js";
import { open, openTexts } from "../reading.js";
import { asText } from "../rules/datetimes.js";
import { parseSet } from "../rules/rule_set.js";
import { listsOfOthers } from "../status/hash_list.js";
import { Several, setAge, wasLookedUp } from "../status/several.js";
import { accept } from "../status/signed_set.js";
import { StatusSets } from "../status/status_sets.js";
import { validFrom, validUntil } from "../validity.js";
import { verify } from "../verify.js";
import { get, isMap } from "../credentials/untrusted.js";
import { lentCertificate, lentJwk } from "./lent_keys.js";
import { bad, bounded, identifier, oneObject, ordinary } from "./lines.js";
import { factsPlain, plain } from "./plain.js";
import { becauseOf } from "./rule_answers.js";

const MAX_KEYS = 10_000;
const HCERT_STEPS = ["picture", "prefix", "base45", "inflate", "cose", "key", "signature", "time", "usage", "plausible"];
const CARD_STEPS = ["picture", "digits", "jws", "inflate", "key", "signature", "time", "plausible", "revoked"];
const WORST_FIRST = ["rejected", "unknown", "cross-check", "accepted"];

/** What is answered to a line that could not be looked at. */
export const unread = { id: null, format: null, steps: {}, claims: null, facts: null, verdict: "unknown", code: "bad-input" };

/** Return the answer to one case. @param {Uint8Array} line */
export async function answer(line) {
  let id = null;
  try {
    const found = oneObject(line);
    id = identifier(found);
    bounded(found);
    return { id, ...(await answered(found)) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { ...unread, id };
  }
}

/** @param {Record<string, any>} found */
async function answered(found) {
  const now = parseInstant(text(get(found, "at")));
  const store = await trust(get(found, "keys"));
  const withdrawn = await lists(found, store, now);
  const region = get(found, "region") === null ? null : text(found.region);
  const whole = get(found, "rules") === null ? null : parseSet(ordinary(found.rules));
  const rules = region === null ? whole : (whole?.of(region) ?? null);
  const purpose = get(found, "purpose") === null ? null : text(found.purpose);
  const basis = { trust: store, status: withdrawn.status, rules };
  const verdicts = [];
  for (const cards of shown(found)) verdicts.push(await verify(cards, basis, now, purpose));
  const verdict = verdicts.reduce((worst, one) => (rank(one) < rank(worst) ? one : worst));
  return { ...told(verdict), ...ofSets(withdrawn, verdict, now), ...(rules === null ? {} : ofRules(verdict)) };
}

/** @param {{ outcome: string }} verdict */
function rank(verdict) {
  return WORST_FIRST.indexOf(verdict.outcome);
}

/** @param {unknown} value */
function text(value) {
  if (typeof value !== "string") throw bad("not a text");
  return value;
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_KEYS) throw bad("not a list");
  return value;
}

/** Return the cards, in groups that are judged together. @param {any} found */
function shown(found) {
  const given = ["text", "texts", "picture", "file"].filter((name) => found[name] !== undefined && found[name] !== null);
  if (given.length !== 1 || !["text", "texts"].includes(given[0])) throw bad("one of text, texts");
  if (given[0] === "text") return open(text(found.text)).map((card) => [card]);
  const texts = list(found.texts).map(text);
  if (texts.length === 0) throw bad("no card");
  return [openTexts(texts)];
}

/** @param {unknown} keys */
async function trust(keys) {
  const anchors = [];
  for (const key of list(keys)) anchors.push(...(await anchorsOf(key)));
  return new TrustStore(anchors);
}

/** @param {any} key */
async function anchorsOf(key) {
  const fields = isMap(key) ? /** @type {any} */ (key) : {};
  const [certificate, jwk] = [fields.certificate ?? null, fields.jwk ?? null];
  if ((certificate === null) === (jwk === null)) throw bad("a key is a certificate or a jwk");
  const issuer = (fields.issuer ?? null) === null ? null : text(fields.issuer);
  if (certificate === null && !isMap(jwk)) throw bad("jwk: not an object");
  const region = (fields.region ?? null) === null ? null : text(fields.region);
  try {
    const lent = certificate !== null ? await lentCertificate(text(certificate)) : await lentJwk(jwk, issuer);
    return lent.map((one) => ({ ...one, region }));
  } catch (error) {
    if (error instanceof UnusableKeyError || (error instanceof RefusalError && error.code !== "bad-input")) return [];
    throw error;
  }
}

// ------------------------------------------------------------------------------------ withdrawn cards

/** Return the lists that a case brings; a set that is refused is told of, and left out. @param {any} found @param {TrustStore} store @param {import("../kernel/instants.js").Instant} now */
async function lists(found, store, now) {
  const revoked = get(found, "revoked") === null ? null : listsOfOthers(list(found.revoked));
  /** @type {import("../status/signed_set.js").Held[]} */
  const held = [];
  const rows = [];
  for (const one of list(get(found, "sets"))) {
    const { set, row } = await setOf(one, [...store.byKid.values()].flat(), now);
    if (set !== null) held.push(set);
    rows.push(row);
  }
  const sets = new StatusSets(held);
  const status = revoked !== null ? new Several([revoked, sets]) : held.length ? sets : null;
  return { lists: revoked, sets, status, rows: get(found, "sets") === null ? null : rows };
}

/** @param {any} given @param {import("../anchors.js").Anchor[]} keys @param {import("../kernel/instants.js").Instant} now */
async function setOf(given, keys, now) {
  const fields = isMap(given) ? given : Object.create(null);
  const name = { region: text(get(fields, "region")), uri: text(get(fields, "uri")) };
  /** @type {import("../status/signed_set.js").Held | null} */
  let set = null;
  const refused = [];
  for (const data of list(get(fields, "files")).map(bytes)) {
    try {
      set = await accept(data, name, keys, set, now);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      refused.push(error.code);
    }
  }
  return { set, row: { version: set?.version ?? null, refused } };
}

/** @param {unknown} value */
function bytes(value) {
  const data = b64Bytes(text(value));
  if (data === null) throw bad("not base64");
  return data;
}

// -------------------------------------------------------------------------------------- what is told

/** @param {import("../verify.js").Verdict} verdict */
function told(verdict) {
  const check = verdict.cards[verdict.reasons[0].card ?? 0];
  const { credential, format } = check.reading;
  const card = format === "shc" || "digits" in check.steps || "jws" in check.steps;
  return {
    format: credential?.format ?? format,
    steps: Object.fromEntries((card ? CARD_STEPS : HCERT_STEPS).map((name) => [name, check.steps[name] ?? null])),
    claims: credential ? plain(credential.claims) : null,
    facts: credential?.facts ? factsPlain(credential.facts) : null,
    verdict: verdict.outcome,
    code: verdict.reasons[0].code,
  };
}

/** Return what is told besides where a case brings status sets. @param {Awaited<ReturnType<typeof lists>>} withdrawn @param {import("../verify.js").Verdict} verdict @param {import("../kernel/instants.js").Instant} now */
function ofSets(withdrawn, verdict, now) {
  if (withdrawn.rows === null) return {};
  const age = setAge(withdrawn, verdict, now);
  return {
    sets: withdrawn.rows,
    looked_up: wasLookedUp(withdrawn, verdict),
    set_age: age === null ? null : { as_of: rfc3339(age.asOf), age_hours: age.ageHours, overdue: age.overdue },
  };
}

/** Return what is told besides where rules are asked: every reason, why, and when it changes. @param {import("../verify.js").Verdict} verdict */
function ofRules(verdict) {
  const { decision } = verdict;
  return {
    purpose: verdict.purpose,
    reasons: verdict.reasons.map((one) => one.code),
    because: decision === null ? [] : becauseOf(decision.results),
    valid_from: millisecond(validFrom(verdict)),
    valid_until: millisecond(validUntil(verdict)),
    changes_at: millisecond(decision?.turnsAt() ?? null),
  };
}

/** @param {number | null} at */
function millisecond(at) {
  return at === null ? null : asText(Math.floor(at));
}

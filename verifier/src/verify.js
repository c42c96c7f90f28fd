// The front door: cards, a basis and an instant → a verdict.  The same steps, codes and order as the Python core.

import { latinName, nativeName } from "./credentials/names.js";
import { implausibility } from "./credentials/plausible.js";
import { words } from "./kernel/letters.js";
import { readout } from "./rules/readout.js";

const REFUSE_AFTER = 30 * 86_400 * 1e6;

const TIME_CODES = ["not-yet", "expired"];
const CROSS_CHECK = ["untrusted", "clock", "person"];
const UNKNOWN = ["no-rules", "rule-fault", "too-old", "no-card"];
/** @type {Record<string, string>} */
const OF_RULES = { "not-met": "rule", fault: "rule-fault", "no-rules": "no-rules" };
const RANK = { rejected: 0, unknown: 1, "cross-check": 2 };

/**
 * @typedef {{ code: string, layer: string, card: number | null, detail: string }} Reason
 * @typedef {{ reading: import("./reading.js").Reading, anchor: import("./anchors.js").Anchor | null,
 *   steps: Record<string, boolean>, faults: Reason[] }} CardCheck
 * @typedef {{ revoked(credential: any, anchor: import("./anchors.js").Anchor): boolean }} Status
 * @typedef {import("./rules/book.js").RuleBook} RuleBook
 * @typedef {import("./rules/book.js").Decision} Decision
 * @typedef {{ trust: import("./anchors.js").TrustStore, status?: Status | null, rules?: RuleBook | null }} Basis
 * @typedef {"accepted" | "rejected" | "cross-check" | "unknown"} Outcome
 * @typedef {{ outcome: Outcome, reasons: Reason[], cards: CardCheck[], purpose: string | null, decision: Decision | null }} Verdict
 */

/** @param {string} code @param {string} layer @param {string} [detail] @returns {Reason} */
function reason(code, layer, detail = "") {
  return { code, layer, card: null, detail };
}

/**
 * Judge the cards that one person shows, as at `now`: are they to be believed, and, with a purpose, what do the rules say?
 * @param {import("./reading.js").Reading[]} cards @param {Basis} basis @param {import("./kernel/instants.js").Instant} now
 * @param {string | null} [purpose] @returns {Promise<Verdict>}
 */
export async function verify(cards, basis, now, purpose = null) {
  if (cards.length === 0) {
    return { outcome: "unknown", reasons: [reason("no-card", "card")], cards: [], purpose, decision: null };
  }
  const checks = [];
  for (const [index, card] of cards.entries()) checks.push(await check(index, card, basis, now));
  const reasons = checks.flatMap((one) => one.faults);
  aboutAll(checks, basis, now, reasons);
  let decision = null;
  if (purpose !== null) {
    // What a card says counts for a rule only if the card is to be believed.
    decision = reasons.length ? null : decisionOf(checks, basis.rules ?? null, purpose, now);
    reasons.push(...ofRules(decision, basis.rules ?? null, purpose));
  }
  if (reasons.length === 0) return { outcome: "accepted", reasons: [reason("ok", "card")], cards: checks, purpose, decision };
  const decided = deciding(reasons);
  const ordered = [decided, ...reasons.filter((one) => one !== decided)];
  return { outcome: outcome(decided.code), reasons: ordered, cards: checks, purpose, decision };
}

/** @param {string} code @returns {"rejected" | "cross-check" | "unknown"} */
function outcome(code) {
  if (UNKNOWN.includes(code)) return "unknown";
  return CROSS_CHECK.includes(code) ? "cross-check" : "rejected";
}

/** Return the reason that decides: what is wrong with a card outweighs what cannot be known. @param {Reason[]} reasons */
function deciding(reasons) {
  // A clock that is wrong makes every judgement about time worthless.
  const clockWrong = reasons.some((one) => one.code === "clock");
  /** @param {Reason} one */
  const rank = (one) => (clockWrong && TIME_CODES.includes(one.code) ? 3 : RANK[outcome(one.code)]);
  return reasons.reduce((best, one) => (rank(one) < rank(best) ? one : best));
}

/** @param {number} index @param {import("./reading.js").Reading} reading @param {Basis} basis @param {any} now @returns {Promise<CardCheck>} */
async function check(index, reading, basis, now) {
  /** @type {Record<string, boolean>} */
  const steps = Object.fromEntries(reading.passed.map((step) => [step, true]));
  const { credential } = reading;
  if (credential === null) {
    steps[reading.failed ?? "prefix"] = false;
    const { code, detail } = reading.refusal ?? { code: "format", detail: "" };
    return { reading, anchor: null, steps, faults: [{ code, layer: "card", card: index, detail }] };
  }
  /** @type {Reason[]} */
  const faults = [];
  const anchor = await signer(credential, basis.trust, steps, faults);
  if (anchor !== null) standing(anchor, basis.trust, faults);
  time(credential, anchor, now, steps, faults);
  if (anchor !== null) usage(credential, anchor, steps, faults);
  plausible(credential, now, steps, faults);
  if (anchor !== null) revoked(credential, anchor, basis.status ?? null, steps, faults);
  return { reading, anchor, steps, faults: faults.map((one) => ({ ...one, card: index })) };
}

/** Find the key that signed the card; the steps are `key` and `signature`. @param {any} credential @param {any} trust @param {any} steps @param {Reason[]} faults */
async function signer(credential, trust, steps, faults) {
  const { kid, issuer, domain } = credential;
  if (kid === null) {
    steps.key = false;
    faults.push(reason("kid", "card", "no key identifier"));
    return null;
  }
  const candidates = trust.find(domain, kid, issuer);
  steps.key = candidates.length > 0;
  if (candidates.length === 0) {
    faults.push(noKey(credential, trust));
    return null;
  }
  const fitting = candidates.filter((/** @type {any} */ one) => one.key.algorithm === credential.algorithm);
  const signed = [];
  for (const one of fitting) if (await one.key.verify(credential.signature, credential.signed)) signed.push(one);
  steps.signature = signed.length > 0;
  if (signed.length === 0) {
    faults.push(reason(fitting.length ? "signature" : "alg", "card"));
    return null;
  }
  // One key may stand on the list twice, once withdrawn: the withdrawal counts.
  return signed.find((one) => one.standing !== "active") ?? signed[0];
}

/** @param {any} credential @param {any} trust */
function noKey(credential, trust) {
  const rival = credential.rivalKid;
  if (rival !== null && trust.find(credential.domain, rival, credential.issuer).length > 0) {
    return reason("kid", "card", "the two headers name different keys");
  }
  return reason("untrusted", "trust");
}

/** @param {any} anchor @param {any} trust @param {Reason[]} faults */
function standing(anchor, trust, faults) {
  if (anchor.environment !== trust.environment) faults.push(reason("environment", "trust", anchor.environment));
  if (anchor.standing !== "active") faults.push(reason("distrusted", "trust", anchor.standing));
}

/** Compare the card's and the key's own times with the clock. @param {any} credential @param {any} anchor @param {any} now @param {any} steps @param {Reason[]} faults */
function time(credential, anchor, now, steps, faults) {
  const before = faults.length;
  const { issued, notBefore, expires } = credential;
  if ((issued && now.micros < issued.micros) || (notBefore && now.micros < notBefore.micros)) {
    faults.push(reason("not-yet", "card"));
  }
  if (expires && now.micros > expires.micros) faults.push(reason("expired", "card"));
  if (anchor?.validFrom && now.micros < anchor.validFrom.micros) faults.push(reason("not-yet", "trust", "the issuer's key"));
  if (anchor?.validUntil && now.micros > anchor.validUntil.micros) faults.push(reason("expired", "trust", "the issuer's key"));
  steps.time = faults.length === before;
}

/** @param {any} credential @param {any} anchor @param {any} steps @param {Reason[]} faults */
function usage(credential, anchor, steps, faults) {
  if (credential.facts === null) return;
  const kinds = credential.facts.events.map((/** @type {any} */ one) => one.kind);
  steps.usage = anchor.usage === null || kinds.every((/** @type {string} */ one) => anchor.usage.has(one));
  // A health card says from when it counts, not when it was issued; a card that says neither is not accused.
  const issued = credential.issued ?? credential.notBefore;
  if (!steps.usage) faults.push(reason("usage", "trust"));
  else if (anchor.issueUntil && issued && issued.micros > anchor.issueUntil.micros) {
    steps.usage = false;
    faults.push(reason("usage", "trust", "issued after the key's last day"));
  }
}

/** @param {any} credential @param {any} now @param {any} steps @param {Reason[]} faults */
function plausible(credential, now, steps, faults) {
  if (credential.facts === null) {
    steps.plausible = false;
    const { code, detail } = credential.fault ?? { code: "implausible", detail: "" };
    faults.push(reason(code, "card", detail));
    return;
  }
  const detail = implausibility(credential.facts, credential.format, now);
  steps.plausible = detail === null;
  if (detail !== null) faults.push(reason("implausible", "card", detail));
}

/** @param {any} credential @param {any} anchor @param {Status | null} status @param {any} steps @param {Reason[]} faults */
function revoked(credential, anchor, status, steps, faults) {
  steps.revoked = status === null || !status.revoked(credential, anchor);
  if (!steps.revoked) faults.push(reason("revoked", "status"));
}

/** Ask the rules about cards that are all to be believed. @param {CardCheck[]} checks @param {RuleBook | null} rules @param {string} purpose @param {import("./kernel/instants.js").Instant} now */
function decisionOf(checks, rules, purpose, now) {
  if (rules === null) return null;
  const cards = checks.map((one) => readout(one.reading.credential));
  return rules.decide(purpose, cards, now.micros / 1_000);
}

/** Return what the rules have against the cards, or that there is nobody to ask. @param {Decision | null} decision @param {RuleBook | null} rules @param {string} purpose @returns {Reason[]} */
function ofRules(decision, rules, purpose) {
  if (decision === null) return rules?.purposes().has(purpose) ? [] : [reason("no-rules", "rules")];
  if (decision.met) return [];
  const { deciding: one } = decision;
  const detail = one === null ? "" : `${one.rule.region}/${one.rule.id}`;
  return [{ ...reason(OF_RULES[decision.answer], "rules", detail), card: one?.card ?? null }];
}

/** Add what concerns no single card: the clock, the list's age, and whether it is one person. @param {CardCheck[]} checks @param {Basis} basis @param {any} now @param {Reason[]} reasons */
function aboutAll(checks, basis, now, reasons) {
  const { asOf } = basis.trust;
  if (asOf !== null && now.micros < asOf.micros) reasons.push(reason("clock", "clock"));
  if (asOf !== null && now.micros - asOf.micros > REFUSE_AFTER) reasons.push(reason("too-old", "trust"));
  if (checks.length > 1 && !onePerson(checks)) reasons.push(reason("person", "card"));
}

/** Tell whether all cards agree in name (in one script or the other) and year of birth. @param {CardCheck[]} checks */
function onePerson(checks) {
  const people = checks.map((one) => one.reading.credential?.facts?.person).filter(Boolean);
  return people.every((other) => other === people[0] || agree(people[0], other));
}

/** @param {any} one @param {any} other */
function agree(one, other) {
  if (one.birth && other.birth && one.birth.year !== other.birth.year) return false;
  return [nativeName, latinName].some((read) => {
    const [left, right] = [read(one.name), read(other.name)];
    return Boolean(left && right) && words(left).join(" ") === words(right).join(" ");
  });
}

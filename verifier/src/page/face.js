// From a verdict to what the checker sees: one word, whose card, because, what to do.  Twin of the node's check_face.
//
// - a name from a card whose signature was not believed is marked as not verified
// - what a stranger wrote may not turn the order of letters, nor fill the screen
// - without a purpose the answer says *genuine* and no more

import { latinName, nativeName } from "../credentials/names.js";
import { Instant } from "../kernel/instants.js";
import { validFrom, validUntil } from "../validity.js";
import { dayIn, lastDay } from "./days.js";
import { ruleAnswer } from "./face_of_rules.js";

/** @typedef {import("./words.js").Line} Line */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("../verify.js").Verdict} Verdict */
/**
 * @typedef {{ words: Words, own: Words, now: Instant, zone: string, names: Record<string, { zh: string, en: string }>,
 *   explainer: (language: string) => any }} Telling in which words, and what else is known; `own` are the checker's
 * @typedef {{ kind: string, code: string, word: string, because: Line, becauseMore: Line[], then: Line, thenMore: Line | null,
 *   name: string, latin: string, born: string, unverified: boolean, specimen: boolean, onePerson: boolean }} Face
 */

/** @type {Record<string, string>} */
const KINDS = { "cross-check": "check", rejected: "no", unknown: "unk" };
// Controls, marks that turn the writing direction, halves of characters.
const STEERING = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const LONGEST = 120;

/** @param {string} text @returns {Line} */
export const plain = (text) => ({ text, lang: null });

/** Return what is shown of a verdict. @param {Verdict} verdict @param {Telling} telling @returns {Face} */
export function faceOf(verdict, telling) {
  const { words } = telling;
  const decided = verdict.reasons[0];
  const told = ruleAnswer(verdict, telling);
  const genuine = verdict.outcome === "accepted" && !verdict.purpose;
  const ofCode = words.ofCode(decided.code);
  const kind = genuine ? "genuine" : told.informed ? "check" : verdict.outcome === "accepted" ? "ok" : KINDS[verdict.outcome];
  return {
    kind,
    code: decided.code,
    word: told.word ?? `word-${kind}`,
    because: genuine ? plain(words.say("holds")) : (told.because ?? bare(ofCode.text)),
    becauseMore: [...told.more, ...more(verdict, telling)],
    then: genuine ? plain(words.say("compare")) : (told.then ?? bare(ofCode.next)),
    thenMore: genuine ? plain(words.say("not-a-rule")) : null,
    ...person(verdict),
    unverified: verdict.cards.some((one) => one.anchor === null),
    specimen: verdict.cards.some((one) => one.anchor !== null && one.anchor.environment !== "production"),
    onePerson: verdict.reasons.every((one) => one.code !== "person"),
  };
}

/** Return what is shown where this device itself cannot judge. @param {string} code @param {Telling} telling @returns {Face} */
export function faceOfFault(code, { words }) {
  return {
    kind: "unk",
    code,
    word: "word-unk",
    because: plain(words.say("no-list")),
    becauseMore: [plain(words.say("code", { code }))],
    then: plain(words.say("staffed-lane")),
    thenMore: null,
    ...{ name: "", latin: "", born: "", unverified: false, specimen: false, onePerson: true },
  };
}

/** @param {Verdict} verdict */
function person(verdict) {
  const found = verdict.cards.map((one) => one.reading.credential?.facts).find(Boolean)?.person;
  if (!found) return { name: "", latin: "", born: "" };
  const latin = harmless(latinName(found.name));
  const name = harmless(nativeName(found.name)) || latin;
  return { name, latin: latin === name ? "" : latin, born: found.birth ? String(found.birth.year).padStart(4, "0") : "—" };
}

/** The bound facts behind a reason, most telling first. @param {Verdict} verdict @param {Telling} telling @returns {Line[]} */
function more(verdict, telling) {
  const { words } = telling;
  const [decided] = verdict.reasons;
  const lines = dates(verdict, telling);
  if (verdict.cards.length > 1) {
    if (decided.card !== null && decided.code !== "ok") lines.push(words.say("about-card", { n: decided.card + 1 }));
    lines.push(words.say("cards", { n: verdict.cards.length }));
  }
  const said = [...lines.map(plain), ...issuers(verdict, telling)];
  const layer = decided.card === null ? null : verdict.cards[decided.card]?.anchor?.layer;
  if (decided.code === "distrusted" && layer && ["emergency", "region", "local"].includes(layer)) {
    said.push(plain(words.say(`layer-${layer}`)));
  }
  if (decided.code !== "ok") said.push(plain(words.say("code", { code: decided.code })));
  return said;
}

/** @param {Verdict} verdict @param {Telling} telling @returns {string[]} */
function dates(verdict, { words, now, zone }) {
  const [decided] = verdict.reasons;
  const day = dayIn(zone);
  const today = day(now);
  if (decided.layer === "trust" && ["expired", "not-yet"].includes(decided.code)) return [words.say("issuers-key")];
  const until = instant(validUntil(verdict));
  const from = instant(validFrom(verdict));
  if (decided.code === "expired" && until) return [words.say("ended", { day: lastDay(until, day), today })];
  if (decided.code === "not-yet" && from) return [words.say("begins", { day: day(from), today })];
  // Until when the rules are met was said already.
  if (verdict.decision?.met && until?.micros === (verdict.decision.turnsAt() ?? NaN) * 1_000 - 1_000) return [];
  return decided.code === "ok" && until ? [words.say("valid-until", { day: lastDay(until, day) })] : [];
}

/** @param {number | null} milliseconds */
function instant(milliseconds) {
  return milliseconds === null ? null : new Instant(milliseconds * 1_000);
}

/** Whose signatures these are; of a card that nobody vouches for, what it claims. @param {Verdict} verdict @param {Telling} telling @returns {Line[]} */
function issuers(verdict, telling) {
  const regions = verdict.cards.flatMap((one) => (one.anchor?.region ? [one.anchor.region] : []));
  const claimed = verdict.cards.flatMap((one) =>
    one.anchor === null && one.reading.credential?.issuer ? [harmless(one.reading.credential.issuer).slice(0, 40)] : [],
  );
  return [
    ...[...new Set(regions)].map((region) => plain(telling.words.say("issued-by", { region: regionName(region, telling) }))),
    ...[...new Set(claimed)].map((issuer) => plain(telling.words.say("card-says", { issuer }))),
  ];
}

/** @param {string} region @param {{ names: Telling["names"], words: Words }} known */
export function regionName(region, { names, words }) {
  return names[region]?.[words.nearest] ?? region;
}

/** A sentence without its full stop: the one that is spoken is made of several. @param {string} text @returns {Line} */
export function bare(text) {
  return plain(text.replace(/[.。]$/, ""));
}

/** @param {string} text */
export function harmless(text) {
  const shown = text.replace(STEERING, "\ufffd");
  const letters = [...shown];
  return letters.length <= LONGEST ? shown : `${letters.slice(0, LONGEST).join("")}…`;
}

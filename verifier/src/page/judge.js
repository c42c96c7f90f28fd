// Texts → an answer's face: opened, judged by the list and the rules in hand, put into words.  One place knows all three.

import { openTexts } from "../reading.js";
import { verify } from "../verify.js";
import { isRefused } from "./age.js";
import { faceOf, faceOfFault } from "./face.js";
import { instantNow } from "./list.js";

/** @typedef {import("./face.js").Face} Face */
/** @typedef {import("./face.js").Telling} Telling */
/** @typedef {import("../verify.js").Verdict} Verdict */
/** @typedef {{ verdict: Verdict | null, fault: string | null }} Judged so that it can be put into the words of another language */

/**
 * Judge what one person shows.
 * @param {string[]} texts
 * @param {{ list: import("./list.js").TrustList, rules: import("../rules/book.js").RuleBook | null, purpose: string, environment: string }} by
 * @returns {Promise<Judged>}
 */
export async function judged(texts, { list, rules, purpose, environment }) {
  const now = instantNow();
  const basis = await list.basis(environment, now);
  if (!basis) return { verdict: null, fault: list.refusal?.code ?? "trust-source" };
  const verdict = await verify(openTexts(texts), { ...basis, rules }, now, purpose || null);
  return { verdict: isRefused(list.age(now)) ? tooOld(verdict) : verdict, fault: null };
}

/** A list that may not be judged with any more lets nobody in; what is wrong with a card itself stays wrong. @param {Verdict} verdict @returns {Verdict} */
function tooOld(verdict) {
  if (!["accepted", "cross-check"].includes(verdict.outcome)) return verdict;
  const old = { code: "too-old", layer: "trust", card: null, detail: "" };
  const others = verdict.reasons.filter((one) => one.code !== "ok");
  return { ...verdict, outcome: "unknown", reasons: [old, ...others], decision: null };
}

/** @param {Judged} found @param {Telling} telling @returns {Face} */
export function told({ verdict, fault }, telling) {
  return verdict === null ? faceOfFault(fault ?? "trust-source", telling) : faceOf(verdict, telling);
}

// What an answer says of the rules: what was asked, why it is not met, what to do, until when.  Twin of the node's check_rules.
//
// The sentences of rules exist in three languages; in another one the general sentence leads, and they follow in the checker's.

import { inLanguage } from "../rules/explain.js";

/** @typedef {import("./words.js").Line} Line */
/** @typedef {import("./face.js").Telling} Telling */
/** @typedef {{ informed: boolean, word: string | null, because: Line | null, more: Line[], then: Line | null }} RuleAnswer */

const MOST_NAMED = 2;
const TONGUES = ["zh-Hans", "zh-Hant", "en"];
/** @type {RuleAnswer} */
const SILENT = { informed: false, word: null, because: null, more: [], then: null };

/** Return what the rules have to say about a verdict. @param {import("../verify.js").Verdict} verdict @param {Telling} telling @returns {RuleAnswer} */
export function ruleAnswer(verdict, telling) {
  const { decision } = verdict;
  if (!verdict.purpose || !decision || !["met", "not-met"].includes(decision.answer)) return SILENT;
  const informs = decision.results.length > 0 && decision.results.every((one) => one.rule.effect === "informs");
  const spoken = TONGUES.includes(telling.words.language);
  const language = spoken ? telling.words.language : telling.own.language;
  const lang = spoken ? null : language;
  const [told, turn] = telling.explainer(language).explain(decision);
  /** @param {string} text @returns {Line} */
  const line = (text) => ({ text: text.replace(/[.。]$/, ""), lang });
  const turns = turn ? [line(turn)] : [];
  if (decision.met) return { ...met(decision, spoken ? language : null, telling), word: informs ? "word-complete" : null, more: turns };
  const informed = informs && verdict.reasons[0].code === "rule";
  // A card that is not genuine is told as that, whatever rules would say of it.
  if (verdict.reasons[0].code !== "rule") return { ...SILENT, informed };
  const word = informs ? "word-due" : turn ? "word-not-yet" : null;
  if (!told.length) return { ...SILENT, informed, word, because: plain(telling, "no-kind"), more: turns };
  const [first] = told;
  const because = first.because.map(line);
  const number = plain(telling, "rule", { id: first.rule.split("/").pop() ?? "" });
  const next = first.nextStep ? line(first.nextStep) : null;
  if (spoken) return { informed, word, because: line(first.asks), more: [...because, ...turns, number], then: next };
  return { informed, word, because: null, more: [line(first.asks), ...because, ...turns, number], then: next };
}

/** What the rules asked, where that is one thing or two; otherwise that the card is genuine says enough. @param {any} decision @param {string | null} language @param {Telling} telling @returns {RuleAnswer} */
function met(decision, language, telling) {
  if (language === null || decision.results.length > MOST_NAMED) return SILENT;
  const asked = decision.results.map((/** @type {any} */ one) => {
    return inLanguage(one.rule.description, /** @type {any} */ (language)).replace(/[.。]$/, "");
  });
  return { ...SILENT, because: { text: asked.join(telling.words.nearest === "zh" ? "；" : "; "), lang: null } };
}

/** @param {Telling} telling @param {string} name @param {Record<string, string>} [blanks] @returns {Line} */
function plain(telling, name, blanks) {
  return { text: telling.words.say(name, blanks), lang: null };
}

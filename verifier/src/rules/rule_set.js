// A set of rule documents as it is written down: JSON content → a book of rules.  Twin of huxin.trust.rules.rule_set.

import { byCodePoint } from "../kernel/canonical.js";
import { RefusalError } from "../kernel/errors.js";
import { RuleBook } from "./book.js";
import { versionText } from "./rule.js";
import { equal, isObject } from "./values.js";

const MAX_RULES = 5_000;
const MAX_SETS = 1_000;
const MAX_CODES = 100_000;

/**
 * Return the rules of a set as a book: of one rule document, a list of them, or `{"rules": […], "valueSets": {…}}`.
 * One rule that cannot be read refuses the whole, and so does one version of a rule with two contents.
 * @param {unknown} content
 */
export function parseSet(content) {
  const isSet = isObject(content) && Object.hasOwn(content, "rules");
  if (isObject(content) && !isSet) return new RuleBook([content]);
  const whole = isSet ? content : { rules: content };
  if (!Array.isArray(whole.rules) || whole.rules.length > MAX_RULES) throw refused("not a list of rules");
  const valueSets = Object.hasOwn(whole, "valueSets") ? whole.valueSets : {};
  const book = new RuleBook(whole.rules, /** @type {Record<string, string[]>} */ (setsOf(valueSets)));
  once(book.rules);
  return book;
}

/** @param {import("./rule.js").Rule[]} rules */
function once(rules) {
  const known = new Map();
  for (const rule of rules) {
    const name = JSON.stringify([rule.region, rule.id, versionText(rule)]);
    if (!known.has(name)) known.set(name, rule);
    if (!equal(known.get(name).document, rule.document)) throw refused(`${rule.id} stands twice, with two contents`);
  }
}

/** Return lists of codes by their names: as they are, or of documents as the EU publishes them. @param {unknown} sets */
function setsOf(sets) {
  const named = Array.isArray(sets) ? byName(sets) : sets;
  if (isObject(named) && Object.keys(named).length <= MAX_SETS) {
    const found = Object.entries(named).map(([name, one]) => /** @type {const} */ ([name, codesOf(one)]));
    if (found.every(([, codes]) => isCodes(codes))) return Object.fromEntries(found);
  }
  throw refused("value sets are lists of codes by their names");
}

/** Return documents by what they call themselves; null where one has no name, or two have one. @param {unknown[]} sets */
function byName(sets) {
  const named = new Map(sets.filter(isDocument).map((one) => [one.valueSetId, one]));
  return named.size && named.size === sets.length ? Object.fromEntries(named) : null;
}

/** @param {unknown} one @returns {one is { valueSetId: string, valueSetValues: object }} */
function isDocument(one) {
  return isObject(one) && typeof own(one, "valueSetId") === "string" && isObject(own(one, "valueSetValues"));
}

/** @param {Record<string, unknown>} one @param {string} name */
function own(one, name) {
  return Object.hasOwn(one, name) ? one[name] : null;
}

/** @param {unknown} one */
function codesOf(one) {
  return isDocument(one) ? Object.keys(one.valueSetValues).sort(byCodePoint) : one;
}

/** @param {unknown} codes */
function isCodes(codes) {
  return Array.isArray(codes) && codes.length <= MAX_CODES && codes.every((code) => typeof code === "string");
}

/** @param {string} why */
function refused(why) {
  return new RefusalError("rule-shape", why);
}

// A set of rule documents as it is written down: JSON content → a book of rules.  Twin of huxin.trust.rules.rule_set.

import { RefusalError } from "../kernel/errors.js";
import { RuleBook } from "./book.js";
import { isObject } from "./values.js";

const MAX_RULES = 5_000;

/**
 * Return the rules of a set as a book: of one rule document, a list of them, or `{"rules": […], "valueSets": {…}}`.
 * One rule that cannot be read refuses the whole.
 * @param {unknown} content
 */
export function parseSet(content) {
  const whole = isObject(content) && Object.hasOwn(content, "rules") ? content : { rules: content, valueSets: {} };
  if (isObject(whole.rules)) return new RuleBook([whole.rules], {});
  if (!Array.isArray(whole.rules) || whole.rules.length > MAX_RULES) throw refused("not a list of rules");
  const valueSets = Object.hasOwn(whole, "valueSets") ? whole.valueSets : {};
  if (!isObject(valueSets) || !Object.values(valueSets).every(isCodes)) {
    throw refused("value sets are lists of codes by their names");
  }
  return new RuleBook(whole.rules, /** @type {Record<string, string[]>} */ (valueSets));
}

/** @param {unknown} codes */
function isCodes(codes) {
  return Array.isArray(codes) && codes.every((code) => typeof code === "string");
}

/** @param {string} why */
function refused(why) {
  return new RefusalError("rule-shape", why);
}

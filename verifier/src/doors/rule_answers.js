// What rules said, as plain data for programs.  Twin of huxin.cli.rule_words.

import { versionText } from "../rules/rule.js";

/** Return every rule that did not hold, with the comparisons that decided, or its fault. @param {import("../rules/wallet.js").Result[]} results */
export function becauseOf(results) {
  return results.filter((one) => !one.holds).map(resultData);
}

/** @param {import("../rules/wallet.js").Result} result */
function resultData({ rule, card, fault, findings }) {
  const told = { rule: rule.id, region: rule.region, version: versionText(rule), card };
  if (fault !== null) return { ...told, code: fault.code, detail: fault.detail };
  return { ...told, findings: findings.map(findingData) };
}

/** Return one comparison: its place in the rule, its operator, both sides, and how it came out. @param {import("../rules/because.js").Finding} finding */
export function findingData({ place, operator, sides, holds, wanted }) {
  return { place, operator, sides: sides.map(sideData), holds, wanted };
}

/** @param {import("../rules/because.js").Side} side */
function sideData({ fields, value, amount, unit }) {
  return unit ? { fields, value, amount, unit } : { fields, value };
}

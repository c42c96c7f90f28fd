// The door of single rules: a case `{"id", "rule", "payload", "external"}` in, met or not, why and until when out, as
// `huxin rules check` answers.

import { RefusalError } from "../kernel/errors.js";
import { because } from "../rules/because.js";
import { nextChange } from "../rules/change.js";
import { asText } from "../rules/datetimes.js";
import { evaluate } from "../rules/evaluate.js";
import { parseRule } from "../rules/rule.js";
import { truth } from "../rules/values.js";
import { answered } from "./eval_lines.js";
import { ordinary } from "./lines.js";
import { findingData } from "./rule_answers.js";

export { unread } from "./eval_lines.js";

/** Return the answer to one case. @param {Uint8Array} line */
export async function answer(line) {
  return answered(line, checked);
}

/** @param {Record<string, any>} found */
function checked(found) {
  const { expression, fault } = parseRule(ordinary(found.rule ?? null));
  if (fault !== null) throw fault;
  const data = { payload: ordinary(found.payload ?? null), external: ordinary(found.external ?? null) };
  /** @type {import("../rules/evaluate.js").Step[]} */
  const steps = [];
  const result = truth(evaluate(expression, data, steps));
  if (result === null) throw new RefusalError("logic-type", "at /: the rule is neither true nor false");
  const change = nextChange(expression, data);
  return {
    result,
    because: because(expression, steps).map(findingData),
    changes_at: change === null ? null : asText(change),
  };
}

// The door of expressions: a case `{"id", "logic", "data"}` in, `{"id", "value"}` or `{"id", "code", "detail"}` out, as
// `huxin rules eval` answers.

import { RefusalError } from "../kernel/errors.js";
import { evaluate } from "../rules/evaluate.js";
import { parseLogic } from "../rules/expression.js";
import { asJson } from "../rules/values.js";
import { bad, bounded, identifier, oneObject, ordinary } from "./lines.js";

/** What is answered to a line that could not be looked at. */
export const unread = { id: null, code: "bad-input" };

/** Return the answer to one case. @param {Uint8Array} line */
export async function answer(line) {
  return answered(line, (found) => {
    if (!("logic" in found)) throw bad("logic: missing");
    return { value: asJson(evaluate(parseLogic(ordinary(found.logic)), ordinary(found.data ?? null))) };
  });
}

/** Answer a case of rules; a refusal is told with its code and what is known of it. @param {Uint8Array} line @param {(found: Record<string, any>) => object} told */
export function answered(line, told) {
  let id = null;
  try {
    const found = oneObject(line);
    id = identifier(found);
    bounded(found);
    return { id, ...told(found) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return error.detail ? { id, code: error.code, detail: error.detail } : { id, code: error.code };
  }
}

// Evaluates CertLogic by walking the tree.  Twin of huxin.trust.rules.interpret: the same value, the same
// trace, the same refusal.  Goes no deeper than the expression, which expression.js bounds.

import * as datetimes from "./datetimes.js";
import { TIME_COMPARISONS } from "./expression.js";
import { RefusalError } from "../kernel/errors.js";
import { access, asInteger, Budget, DateTime, equal, fragmentOfCode, plain, sum, tooLarge, truth } from "./values.js";

/** @typedef {import("./expression.js").Expression} Expression */

/**
 * One operation that was carried out: where it stands, on what, and what came out.
 * @typedef {{place: string, operator: string, operands: unknown[], value: unknown}} Step
 */

/** @type {Record<string, (left: number | bigint, right: number | bigint) => boolean>} */
const COMPARISONS = {
  "<": (left, right) => left < right,
  ">": (left, right) => left > right,
  "<=": (left, right) => left <= right,
  ">=": (left, right) => left >= right,
};

/**
 * The value of an expression over JSON data; steps are appended to `trace`.
 * @param {Expression} node
 * @param {unknown} data
 * @param {Step[]} [trace]
 * @returns {unknown}
 */
export function evaluate(node, data, trace = []) {
  return new Walk(trace).value(node, data);
}

class Walk {
  /** @param {Step[]} trace */
  constructor(trace) {
    this.budget = new Budget();
    this.trace = trace;
    /** @type {unknown[]} */
    this.values = []; // of the operands of operations that are not finished
    this.folds = 0; // how many reductions we are inside of
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   * @returns {unknown}
   */
  value(node, data) {
    if (node.operator === "literal") {
      this.values.push(node.plain[0]);
      return node.plain[0];
    }
    const first = this.values.length;
    let result;
    try {
      result = this.carryOut(node, data);
    } catch (error) {
      if (!(error instanceof RefusalError) || error.detail.startsWith("at ")) throw error;
      throw new RefusalError(error.code, `at ${node.place || "/"}: ${error.detail}`);
    }
    const operands = this.values.splice(first);
    this.values.push(result);
    this.trace.push({ place: node.place, operator: node.operator, operands, value: result });
    return result;
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   * @returns {[unknown, boolean]}
   */
  truth(node, data) {
    const one = this.value(node, data);
    const found = truth(one);
    if (found === null) throw new RefusalError("logic-type", "neither true nor false");
    return [one, found];
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   * @returns {unknown}
   */
  carryOut(node, data) {
    const [first, second, third] = node.operands;
    switch (node.operator) {
      case "array":
        return this.array(node, data);
      case "var":
        return access(data, node.plain[0]);
      case "if":
        return this.value(this.truth(first, data)[1] ? second : third, data);
      case "and":
        return this.and(node, data);
      case "!":
        return !this.truth(first, data)[1];
      case "===":
        return equal(this.value(first, data), this.value(second, data));
      case "in":
        return this.in(first, second, data);
      case "+":
        return this.plus(first, second, data);
      case "plusTime":
        return this.plusTime(node, data);
      case "dccDateOfBirth":
        return new DateTime(datetimes.parseBirth(text(this.value(first, data))));
      case "extractFromUVCI":
        return this.partOfCode(node, data);
      case "reduce":
        return this.reduce(node, data);
      default:
        return this.compare(node, data);
    }
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   */
  array(node, data) {
    const built = node.operands.map((item) => this.value(item, data));
    if (this.folds) this.budget.spendOn(built);
    return built;
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   */
  and(node, data) {
    let one = null;
    for (const operand of node.operands) {
      const [value, found] = this.truth(operand, data);
      one = value;
      if (!found) break;
    }
    return one;
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   */
  compare(node, data) {
    const sign = TIME_COMPARISONS.get(node.operator);
    const number = sign ? instant : integer;
    const numbers = node.operands.map((operand) => number(this.value(operand, data)));
    const holds = COMPARISONS[sign ?? node.operator];
    return numbers.slice(1).every((right, index) => holds(numbers[index], right));
  }

  /**
   * @param {Expression} left
   * @param {Expression} right
   * @param {unknown} data
   */
  in(left, right, data) {
    const one = this.value(left, data);
    const array = this.value(right, data);
    if (!Array.isArray(array)) throw new RefusalError("logic-type", "the second operand is not an array");
    return array.some((item) => equal(item, one));
  }

  /**
   * @param {Expression} left
   * @param {Expression} right
   * @param {unknown} data
   */
  plus(left, right, data) {
    const one = integer(this.value(left, data));
    const total = sum(one, integer(this.value(right, data)));
    if (tooLarge(total)) throw new RefusalError("logic-type", "larger than what is exact everywhere");
    return total;
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   */
  plusTime(node, data) {
    const [amount, unit] = node.plain;
    return new DateTime(datetimes.shift(datetimes.parse(text(this.value(node.operands[0], data))), amount, unit));
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   */
  partOfCode(node, data) {
    const one = this.value(node.operands[0], data);
    return fragmentOfCode(one === null ? null : text(one), node.plain[0]);
  }

  /**
   * @param {Expression} node
   * @param {unknown} data
   */
  reduce(node, data) {
    const [over, step, initial] = node.operands;
    const operand = this.value(over, data);
    if (operand !== null && !Array.isArray(operand)) throw new RefusalError("logic-type", "neither an array nor null");
    let accumulator = this.value(initial, data);
    const items = operand ?? [];
    this.budget.spend(items.length);
    this.folds += 1;
    for (const current of items) accumulator = this.value(step, { accumulator, current });
    this.folds -= 1;
    return accumulator;
  }
}

/** @param {unknown} one */
function integer(one) {
  const whole = asInteger(one);
  if (whole === null) throw new RefusalError("logic-type", "not an integer");
  return whole;
}

/** @param {unknown} one */
function instant(one) {
  if (!(one instanceof DateTime)) throw new RefusalError("logic-type", "not a date-time");
  return one.instant;
}

/** @param {unknown} one */
function text(one) {
  const found = plain(one);
  if (typeof found !== "string") throw new RefusalError("logic-type", "not a text");
  return found;
}

// Reads CertLogic 1.3: JSON → a tree of operations, bounded and checked as a whole.
// Twin of huxin.trust.rules.expression, with the same bounds, places and codes of refusal.

import { UNITS } from "./datetimes.js";
import { RefusalError } from "../kernel/errors.js";
import { asInteger, isObject, tooLarge } from "./values.js";

/**
 * One operation.  `operands` are the expressions inside it, in the order in which they stand; `plain` are
 * the operands that are no expressions: the value of a literal, the path of a `var`, an amount and a unit.
 * @typedef {{operator: string, place: string, operands: Expression[], plain: any[]}} Expression
 */

export const MAX_NODES = 5_000;
export const MAX_DEPTH = 64;
const MAX_TEXT = 1_000;

export const NUMBER_COMPARISONS = new Set(["<", ">", "<=", ">="]);
/** @type {Map<string, string>} */
export const TIME_COMPARISONS = new Map([
  ["before", "<"],
  ["after", ">"],
  ["not-after", "<="],
  ["not-before", ">="],
]);

// Operation → fewest and most operands, and how many of the last are plain values.
/** @type {Map<string, [number, number, number]>} */
const OPERATIONS = new Map([
  ["if", [3, 3, 0]],
  ["and", [2, MAX_NODES, 0]],
  ["!", [1, 1, 0]],
  ["===", [2, 2, 0]],
  ["in", [2, 2, 0]],
  ["+", [2, 2, 0]],
  ["reduce", [3, 3, 0]],
  ["plusTime", [3, 3, 2]],
  ["dccDateOfBirth", [1, 1, 0]],
  ["extractFromUVCI", [2, 2, 1]],
]);
for (const name of [...NUMBER_COMPARISONS, ...TIME_COMPARISONS.keys()]) OPERATIONS.set(name, [2, 3, 0]);

const PATH = /^[^.]+(?:\.[^.]+)*$/;

/** @param {string} text */
const letters = (text) => (text.length <= MAX_TEXT ? text.length : [...text].length);

/**
 * @param {string} code
 * @param {string} place
 * @param {string} why
 */
const refusal = (code, place, why) => new RefusalError(code, `at ${place || "/"}: ${why}`);

/**
 * Reads the logic of a rule; refuses with a code and, in the detail, the place.
 * @param {unknown} data
 * @returns {Expression}
 */
export function parseLogic(data) {
  return new Reader().read(data, "", 0);
}

/**
 * Yields an expression and everything inside it.
 * @param {Expression} node
 */
export function* walk(node) {
  const pending = [node];
  while (pending.length) {
    const one = /** @type {Expression} */ (pending.pop());
    yield one;
    pending.push(...[...one.operands].reverse());
  }
}

// Goes no deeper than MAX_DEPTH.
class Reader {
  constructor() {
    this.nodes = 0;
  }

  /**
   * @param {unknown} data
   * @param {string} place
   * @param {number} depth
   * @returns {Expression}
   */
  read(data, place, depth) {
    this.nodes += 1;
    if (depth > MAX_DEPTH || this.nodes > MAX_NODES) throw refusal("logic-size", place, "too deep or too large");
    if (["string", "boolean", "number", "bigint"].includes(typeof data)) return literal(data, place);
    if (Array.isArray(data)) return { operator: "array", place, operands: this.all(data, place, depth), plain: [] };
    if (!isObject(data) || Object.keys(data).length !== 1) {
      throw refusal("logic-shape", place, "an expression is an object of one key");
    }
    const [[name, operands]] = Object.entries(data);
    return this.operation(name, operands, `${place}/${escaped(name)}`, depth);
  }

  /**
   * @param {string} name
   * @param {unknown} operands
   * @param {string} place
   * @param {number} depth
   * @returns {Expression}
   */
  operation(name, operands, place, depth) {
    if (name === "var") return variable(operands, place);
    const row = OPERATIONS.get(name);
    if (row === undefined) throw refusal("logic-operator", place, "no such operation");
    if (!Array.isArray(operands)) throw refusal("logic-shape", place, "operands are an array");
    const [least, most, count] = row;
    if (operands.length < least || operands.length > most) {
      throw refusal("logic-shape", place, `${operands.length} operands`);
    }
    const split = operands.length - count;
    const read = this.all(operands.slice(0, split), place, depth);
    return { operator: name, place, operands: read, plain: plainOf(name, operands.slice(split), place) };
  }

  /**
   * @param {unknown[]} items
   * @param {string} place
   * @param {number} depth
   */
  all(items, place, depth) {
    return items.map((item, index) => this.read(item, `${place}/${index}`, depth + 1));
  }
}

/** @param {string} name */
function escaped(name) {
  return [...name].slice(0, 40).join("").replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * @param {any} data
 * @param {string} place
 * @returns {Expression}
 */
function literal(data, place) {
  if (typeof data === "string" && letters(data) > MAX_TEXT) throw refusal("logic-size", place, "a text too long");
  if (["string", "boolean"].includes(typeof data)) return { operator: "literal", place, operands: [], plain: [data] };
  const whole = asInteger(data);
  if (whole === null || tooLarge(whole)) {
    throw refusal("logic-shape", place, "not an integer that is exact everywhere");
  }
  return { operator: "literal", place, operands: [], plain: [whole] };
}

/**
 * @param {unknown} path
 * @param {string} place
 * @returns {Expression}
 */
function variable(path, place) {
  if (typeof path !== "string" || (path && !PATH.test(path))) throw refusal("logic-shape", place, "not a path");
  if (letters(path) > MAX_TEXT) throw refusal("logic-size", place, "a path too long");
  return { operator: "var", place, operands: [], plain: [path] };
}

/**
 * @param {string} name
 * @param {unknown[]} given
 * @param {string} place
 */
function plainOf(name, given, place) {
  if (name === "plusTime" && !UNITS.includes(/** @type {string} */ (given[1]))) {
    throw refusal("logic-shape", place, "no such unit of time");
  }
  if (!given.length) return [];
  const whole = asInteger(given[0]);
  if (whole === null || tooLarge(whole)) throw refusal("logic-shape", place, "an integer is needed here");
  return [whole, ...given.slice(1)];
}

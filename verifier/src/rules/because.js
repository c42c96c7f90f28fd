// Says why: from the steps of an evaluation to the few comparisons that decided it.
// Twin of huxin.trust.rules.because.

import { asJson, truth } from "./values.js";

/**
 * @typedef {import("./expression.js").Expression} Expression
 * @typedef {import("./evaluate.js").Step} Step
 * @typedef {{fields: string[], value: any, amount: number, unit: string}} Side
 * @typedef {{place: string, operator: string, sides: Side[], holds: boolean, wanted: boolean}} Finding
 */

const COMPARES_NOTHING = new Set(["var", "reduce", "array", "+", "plusTime", "dccDateOfBirth", "extractFromUVCI"]);

/**
 * The findings that decided, in the order of the rule.
 * @param {Expression} expression
 * @param {Step[]} steps
 * @returns {Finding[]}
 */
export function because(expression, steps) {
  return findings(expression, new Map(steps.map((step) => [step.place, step])), true);
}

/**
 * @param {Expression} node
 * @param {Map<string, Step>} steps
 * @param {boolean} wanted
 * @returns {Finding[]}
 */
function findings(node, steps, wanted) {
  if (node.operator === "and") return ofAnd(node, steps, wanted);
  if (node.operator === "if") return ofIf(node, steps, wanted);
  if (node.operator === "!") return findings(node.operands[0], steps, !wanted);
  if (node.operator === "literal") return [];
  const holds = Boolean(truth(valueOf(node, steps)));
  const compared = COMPARES_NOTHING.has(node.operator) ? [node] : node.operands;
  const sides = compared.map((one) => side(one, steps));
  return [{ place: node.place, operator: node.operator, sides, holds, wanted }];
}

/**
 * @param {Expression} node
 * @param {Map<string, Step>} steps
 * @param {boolean} wanted
 */
function ofAnd(node, steps, wanted) {
  const done = node.operands.slice(0, stepOf(node, steps).operands.length);
  const lastIsFalse = !truth(valueOf(done[done.length - 1], steps));
  return (lastIsFalse ? done.slice(-1) : done).flatMap((operand) => findings(operand, steps, wanted));
}

/**
 * @param {Expression} node
 * @param {Map<string, Step>} steps
 * @param {boolean} wanted
 */
function ofIf(node, steps, wanted) {
  const [guard, then, otherwise] = node.operands;
  const passed = Boolean(truth(valueOf(guard, steps)));
  const branch = passed ? then : otherwise;
  const told = findings(branch, steps, wanted);
  if (told.length) return told;
  // A branch that is a constant says nothing; what decided is the guard that chose it.
  const asWanted = Boolean(truth(valueOf(branch, steps))) === wanted;
  return findings(guard, steps, asWanted ? passed : !passed);
}

/**
 * @param {Expression} node
 * @param {Map<string, Step>} steps
 */
function stepOf(node, steps) {
  return /** @type {Step} */ (steps.get(node.place));
}

/**
 * @param {Expression} node
 * @param {Map<string, Step>} steps
 */
function valueOf(node, steps) {
  return node.operator === "literal" ? node.plain[0] : stepOf(node, steps).value;
}

/**
 * @param {Expression} node
 * @param {Map<string, Step>} steps
 * @returns {Side}
 */
function side(node, steps) {
  const [amount, unit] = node.operator === "plusTime" ? node.plain : [0, ""];
  return { fields: [...new Set(fieldsOf(node))], value: asJson(valueOf(node, steps)), amount, unit };
}

/**
 * The paths that an expression reads; inside a `reduce` those of its array count.
 * @param {Expression} node
 * @returns {string[]}
 */
function fieldsOf(node) {
  if (node.operator === "var") return [node.plain[0]];
  const inner = node.operator === "reduce" ? [node.operands[0], node.operands[2]] : node.operands;
  return inner.flatMap(fieldsOf);
}

// Finds when an answer next changes, from the rule itself.  Twin of huxin.trust.rules.change.

import * as datetimes from "./datetimes.js";
import { evaluate } from "./evaluate.js";
import { TIME_COMPARISONS, walk } from "./expression.js";
import { RefusalError } from "../kernel/errors.js";
import { ClockText, isObject, truth } from "./values.js";

/**
 * @typedef {import("./expression.js").Expression} Expression
 * @typedef {import("./evaluate.js").Step} Step
 * @typedef {[number, import("./datetimes.js").Unit]} Shift
 */

export const CLOCK = "validationClock";
const HORIZON = 200 * 366 * datetimes.DAY;
const MOST_INSTANTS = 500;
const READS_VALUES = new Set(["===", "in", "extractFromUVCI", "dccDateOfBirth"]);

/** The rule uses the clock in a way whose changes cannot be computed. */
class CannotFollowError extends Error {}

/**
 * The first instant after the clock in `data` at which the answer is another one, or null.
 * @param {Expression} expression
 * @param {any} data
 * @returns {number | null}
 */
export function nextChange(expression, data) {
  const clock = isObject(data.external) ? data.external[CLOCK] : null;
  if (typeof clock !== "string") return null;
  try {
    return new Search(expression, data).after(datetimes.parse(clock));
  } catch (error) {
    if (error instanceof RefusalError || error instanceof CannotFollowError) return null;
    throw error;
  }
}

class Search {
  /**
   * @param {Expression} expression
   * @param {any} data
   */
  constructor(expression, data) {
    this.expression = expression;
    this.data = data;
    /** @type {Map<string, Shift>} */
    this.shifts = new Map();
    for (const node of walk(expression)) {
      if (node.operator === "plusTime") this.shifts.set(node.place, [node.plain[0], node.plain[1]]);
    }
  }

  /** @param {number} start */
  after(start) {
    let clock = start;
    let [here, steps] = this.at(clock);
    const waiting = new Set(this.instants(steps));
    for (let count = 0; count < MOST_INSTANTS; count += 1) {
      const coming = [...waiting].filter((one) => clock < one && one <= clock + HORIZON);
      if (!coming.length) return null;
      const instant = Math.min(...coming);
      waiting.delete(instant);
      let answer;
      try {
        [answer, steps] = this.at(instant);
      } catch (error) {
        if (error instanceof RefusalError) return instant;
        throw error;
      }
      if (answer !== here) return instant;
      clock = instant;
      for (const one of this.instants(steps)) waiting.add(one);
    }
    return null;
  }

  /**
   * @param {number} instant
   * @returns {[boolean | null, Step[]]}
   */
  at(instant) {
    /** @type {Step[]} */
    const steps = [];
    const clock = new ClockText(datetimes.asText(instant));
    const data = { ...this.data, external: { ...this.data.external, [CLOCK]: clock } };
    return [truth(evaluate(this.expression, data, steps)), steps];
  }

  /**
   * The instants at which a comparison that was carried out may come out differently.
   * @param {Step[]} steps
   * @returns {number[]}
   */
  instants(steps) {
    /** @type {Map<unknown, Shift>} */
    const shifts = new Map();
    /** @type {number[]} */
    const found = [];
    for (const step of steps) {
      if (step.operator === "plusTime" && step.operands[0] instanceof ClockText) {
        shifts.set(step.value, /** @type {Shift} */ (this.shifts.get(step.place)));
      } else if (TIME_COMPARISONS.has(step.operator)) {
        found.push(...crossings(/** @type {any[]} */ (step.operands), shifts));
      } else if (READS_VALUES.has(step.operator) && hasClock(step.operands, shifts)) {
        throw new CannotFollowError();
      }
    }
    return found;
  }
}

/**
 * Whether the clock, or a time made of it, is among the operands or inside of them.
 * @param {unknown[]} operands
 * @param {Map<unknown, Shift>} shifts
 */
function hasClock(operands, shifts) {
  const pending = [...operands];
  const seen = new Set();
  while (pending.length) {
    const one = pending.pop();
    if (one instanceof ClockText || shifts.has(one)) return true;
    if (typeof one !== "object" || one === null || seen.has(one)) continue;
    seen.add(one);
    if (Array.isArray(one)) for (const item of one) pending.push(item);
    else if (isObject(one)) for (const item of Object.values(one)) pending.push(item);
  }
  return false;
}

/**
 * @param {{instant: number}[]} operands
 * @param {Map<unknown, Shift>} shifts
 * @returns {number[]}
 */
function crossings(operands, shifts) {
  return operands.slice(1).flatMap((right, index) => {
    const left = operands[index];
    const [moved, other] = [shifts.get(left), shifts.get(right)];
    if (moved && other) {
      if (moved[0] !== other[0] || moved[1] !== other[1]) throw new CannotFollowError();
      return [];
    }
    if (moved) return around(right.instant, moved);
    return other ? around(left.instant, other) : [];
  });
}

/**
 * The instants at which the clock, moved, reaches `target`, and the millisecond after.
 * @param {number} target
 * @param {Shift} shift
 * @returns {number[]}
 */
function around(target, [amount, unit]) {
  if (unit === "day" || unit === "hour") {
    const reached = target - amount * (unit === "day" ? datetimes.DAY : datetimes.HOUR);
    return [reached, reached + 1];
  }
  let moved;
  try {
    moved = datetimes.shift(target, -amount, unit);
  } catch (error) {
    if (error instanceof RefusalError) return []; // before or after the calendar, where no clock comes
    throw error;
  }
  const ofDay = ((moved % datetimes.DAY) + datetimes.DAY) % datetimes.DAY;
  const day = moved - ofDay;
  return [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((near) => {
    const start = day + near * datetimes.DAY;
    return [start, start + ofDay, start + ofDay + 1];
  });
}

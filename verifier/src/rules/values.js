// The values that CertLogic reckons with, and what is true, equal and reachable among them.
// Twin of huxin.trust.rules.values.  Nothing here calls itself: data may be nested deeply.

import * as datetimes from "./datetimes.js";
import { RefusalError } from "../kernel/errors.js";

export const LARGEST = Number.MAX_SAFE_INTEGER;
export const STEPS = 100_000;

/** A date-time: milliseconds since 1970-01-01T00:00:00Z. */
export class DateTime {
  /** @param {number} instant */
  constructor(instant) {
    this.instant = instant;
  }
}

/** The clock, as a text that can be recognised wherever an evaluation carries it (see change.js). */
export class ClockText {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @param {unknown} one */
export const plain = (one) => (one instanceof ClockText ? one.text : one);

/**
 * An object of JSON, and no other kind of object.
 * @param {unknown} one
 * @returns {one is Record<string, unknown>}
 */
export function isObject(one) {
  return (
    typeof one === "object" && one !== null && !Array.isArray(one) && !(one instanceof DateTime) && !(one instanceof ClockText)
  );
}

/** How much one evaluation may still do; who cannot pay is refused with `logic-steps`. */
export class Budget {
  constructor() {
    this.left = STEPS;
  }

  /** @param {number} steps */
  spend(steps) {
    this.left -= steps;
    if (this.left < 0) throw new RefusalError("logic-steps", "the evaluation takes too many steps");
  }

  /**
   * Takes away as much as an array holds, with all that is inside its items.
   * @param {unknown} built
   */
  spendOn(built) {
    const pending = [built];
    while (pending.length) {
      const one = pending.pop();
      this.spend(1);
      if (Array.isArray(one)) for (const item of one) pending.push(item);
      else if (isObject(one)) for (const item of Object.values(one)) pending.push(item);
    }
  }
}

/**
 * Whether a value counts as true, as false, or (null) as neither: a date-time.
 * @param {unknown} one
 * @returns {boolean | null}
 */
export function truth(one) {
  if (one instanceof DateTime) return null;
  if (Array.isArray(one)) return one.length > 0;
  if (isObject(one)) return Object.keys(one).length > 0;
  return Number.isNaN(one) || Boolean(plain(one));
}

/**
 * The integer that a value is, or null; beyond 2^53 a bigint, where it was read as one.
 * @param {unknown} one
 * @returns {number | bigint | null}
 */
export function asInteger(one) {
  if (typeof one === "bigint") return one;
  return typeof one === "number" && Number.isInteger(one) ? one + 0 : null;
}

/**
 * Whether an integer is not exact everywhere.
 * @param {number | bigint} whole
 */
export function tooLarge(whole) {
  return whole > LARGEST || whole < -LARGEST;
}

/**
 * The sum of two integers.
 * @param {number | bigint} left
 * @param {number | bigint} right
 * @returns {number | bigint}
 */
export function sum(left, right) {
  const exact = BigInt(left) + BigInt(right);
  return tooLarge(exact) ? exact : Number(exact);
}

/** @param {unknown} one */
const isNumber = (one) => typeof one === "number" || typeof one === "bigint";

/**
 * Compares without turning one kind of value into another; arrays and objects by content.
 * @param {unknown} left
 * @param {unknown} right
 */
export function equal(left, right) {
  const pending = [[left, right]];
  while (pending.length) {
    const pair = /** @type {[unknown, unknown]} */ (pending.pop());
    const [one, other] = [plain(pair[0]), plain(pair[1])];
    if (one === other) continue;
    // A number and a bigint are of one worth; `==` compares them exactly.
    if (isNumber(one) && isNumber(other) && one == other) continue;
    if (one instanceof DateTime && other instanceof DateTime && one.instant === other.instant) continue;
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
      one.forEach((item, index) => pending.push([item, other[index]]));
      continue;
    }
    if (!isObject(one) || !isObject(other)) return false;
    const names = Object.keys(one);
    if (names.length !== Object.keys(other).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(other, name)) return false;
      pending.push([one[name], other[name]]);
    }
  }
  return true;
}

/**
 * Follows a path into the data; whatever is not there is null.
 * @param {unknown} data
 * @param {string} path
 */
export function access(data, path) {
  let found = data;
  for (const fragment of path ? path.split(".") : []) {
    if (Array.isArray(found)) found = /^[0-9]+$/.test(fragment) ? found[Number(fragment.slice(0, 9))] : null;
    else if (isObject(found)) found = Object.hasOwn(found, fragment) ? found[fragment] : null;
    else return null;
  }
  return found ?? null;
}

/**
 * Part `index` of a unique certificate identifier, or null where there is none.
 * @param {string | null} text
 * @param {number} index
 */
export function fragmentOfCode(text, index) {
  if (text === null || index < 0) return null;
  const bare = text.startsWith("URN:UVCI:") ? text.slice(9) : text;
  return bare.split(/[/#:]/)[index] ?? null;
}

/**
 * A value as JSON writes it: date-times as text.
 * @param {unknown} one
 * @returns {unknown}
 */
export function asJson(one) {
  if (one instanceof DateTime) return datetimes.asText(one.instant);
  if (one instanceof ClockText) return one.text;
  if (Array.isArray(one)) return one.map(asJson);
  if (isObject(one)) return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, asJson(item)]));
  const whole = asInteger(one);
  if (whole === null) return one;
  return tooLarge(whole) ? BigInt(whole) : whole;
}

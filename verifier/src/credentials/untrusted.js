// Picking values out of a map that somebody else wrote.
//
// What says whose card it is, and what kind, is refused with `implausible` when it cannot be read; dates and numbers of
// an event that cannot be read are absent.  Maps are `Map` (from CBOR) or plain objects (from JSON).

import { letters } from "../kernel/bytes.js";
import { Float, isWhole } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import { Instant, PartialDate, fromEpoch, parseInstant, parsePartialDate } from "../kernel/instants.js";

const MAX_TEXT = 1_000;
const MAX_ENTRIES = 20;

/** @typedef {Map<unknown, any> | Record<string, any>} Source */

/** Tell whether a value is a map. @param {unknown} value @returns {value is Source} */
export function isMap(value) {
  if (value instanceof Map) return true;
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}

/** Return what stands under a key, or `null`. @param {Source} source @param {string} key */
export function get(source, key) {
  return (source instanceof Map ? source.get(key) : source[key]) ?? null;
}

/** Tell whether a key is there. @param {Source} source @param {string} key */
export function has(source, key) {
  return source instanceof Map ? source.has(key) : Object.hasOwn(source, key);
}

/** Return the trimmed text under a key, or `null`; a number is taken as its digits. @param {Source} source @param {string} key */
export function text(source, key) {
  const value = get(source, key);
  if (typeof value === "string" && letters(value) <= MAX_TEXT) return trimmed(value) || null;
  if (value === null) return null;
  if (isWhole(value)) return String(value);
  if (value instanceof Float) return floatText(value.value);
  throw notText(key);
}

/** @param {string} key */
function notText(key) {
  return new RefusalError("implausible", `${key}: not a short text`);
}

// What Python calls white space, and therefore trims; JavaScript's own idea of it differs in a few places.
const SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

/** Return a text without white space around it. @param {string} value */
export function trimmed(value) {
  return value.replace(SPACE, "");
}

/** Write a float as the Python core does. @param {number} value */
export function floatText(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (value === 0) return "0.0";
  if (size >= 1e16 || size < 1e-4) {
    const [digits, exponent] = value.toExponential().split("e");
    const power = Number(exponent);
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain = String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

/** Return the code under a key, of the given code system. @param {Source} source @param {string} key @param {string} system */
export function code(source, key, system) {
  const value = text(source, key);
  return value === null ? null : { system, code: value };
}

/** Return the whole number under a key; floats such as 2.0 occur. @param {Source} source @param {string} key */
export function number(source, key) {
  const value = get(source, key);
  if (isWhole(value)) return value;
  if (!(value instanceof Float) || !Number.isInteger(value.value)) return null;
  return Number.isSafeInteger(value.value) ? value.value : BigInt(value.value);
}

/** Return the date under a key; refuses what is no date. @param {Source} source @param {string} key */
export function strictDate(source, key) {
  const value = get(source, key);
  if (value instanceof Instant) {
    const day = new Date(Math.floor((value.micros + value.offset) / 1e3));
    return new PartialDate(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate());
  }
  // A year may come as a float: some write every number so.
  const year = value instanceof Float && Number.isInteger(value.value);
  const written = year ? String(value.value) : text(source, key);
  return written === null ? null : parsePartialDate(written);
}

/** Return the date of an event under a key; what cannot be read is absent. @param {Source} source @param {string} key */
export function partialDate(source, key) {
  return orAbsent(() => strictDate(source, key));
}

/** Return the instant under a key: RFC 3339 text, seconds since 1970, or a CBOR instant. @param {Source} source @param {string} key */
export function instant(source, key) {
  const value = get(source, key);
  return orAbsent(() => {
    if (value instanceof Instant) return fromEpoch(value.seconds);
    if (isWhole(value)) return fromEpoch(Number(value));
    if (value instanceof Float) return fromEpoch(value.value);
    return typeof value === "string" ? parseInstant(value) : null;
  });
}

/** @template T @param {() => T} read @returns {T | null} */
function orAbsent(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof RefusalError) return null;
    throw error;
  }
}

/** Return the map under a key; refuses where there is none. @param {Source} source @param {string} key */
export function mapping(source, key) {
  const value = get(source, key);
  if (!isMap(value)) throw new RefusalError("implausible", `${key}: not a map`);
  return value;
}

/** Return one map, or a list of one to twenty maps, as a list of maps. @param {unknown} value @returns {Source[]} */
export function entries(value) {
  if (Array.isArray(value) && value.length > 0 && value.length <= MAX_ENTRIES) {
    if (!value.every(isMap)) throw new RefusalError("implausible", "an event that is not a map");
    return value;
  }
  if (isMap(value)) return [value];
  throw new RefusalError("implausible", "not a list of events");
}

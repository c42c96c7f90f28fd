// Time as Huxin speaks of it: instants in UTC, dates, and dates known only in part.  Nothing here reads a clock.

import { RefusalError } from "./errors.js";

const EPOCH_MIN = -62_135_596_800;
const EPOCH_MAX = 253_402_300_799;
const LONGEST = 40;
const DAY = 86_400_000_000;
const PARTIAL = /^([0-9]{4})(?:-([0-9]{2}|XX|xx)(?:-([0-9]{2}|XX|xx))?)?/;
const DATE_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$/;

/** An instant: microseconds since 1970, in UTC; `offset` is that of the place where it was written. */
export class Instant {
  /** @param {number} micros @param {number} [offset] */
  constructor(micros, offset = 0) {
    this.micros = micros;
    this.offset = offset;
  }

  /** Seconds since 1970. */
  get seconds() {
    return this.micros / 1e6;
  }
}

/** A calendar date of any precision: a year, a year and month, or a full date. */
export class PartialDate {
  /** @param {number} year @param {number | null} month @param {number | null} day */
  constructor(year, month = null, day = null) {
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** The first day that it may mean, counted from 1970. */
  earliest() {
    return daysOf(this.year, this.month ?? 1, this.day ?? 1);
  }

  /** The last day that it may mean, counted from 1970. */
  latest() {
    const month = this.month ?? 12;
    return daysOf(this.year, month, this.day ?? lengthOf(this.year, month));
  }

  toString() {
    const parts = [String(this.year).padStart(4, "0")];
    if (this.month !== null) parts.push(two(this.month));
    if (this.month !== null && this.day !== null) parts.push(two(this.day));
    return parts.join("-");
  }
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}

/** @param {number} year @param {number} month */
export function lengthOf(year, month) {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** @param {number} year @param {number} month @param {number} day */
function isDate(year, month, day) {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= lengthOf(year, month);
}

/** Return a date as days since 1970. @param {number} year @param {number} month @param {number} day */
export function daysOf(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
}

/** Return the instant of seconds since 1970; `null` outside the calendar. @param {number} seconds */
export function epoch(seconds) {
  if (!(seconds >= EPOCH_MIN && seconds <= EPOCH_MAX)) return null;
  return new Instant(Math.round(seconds * 1e6));
}

/** Turn seconds since 1970 into an instant; refuses `implausible` values. @param {number} seconds */
export function fromEpoch(seconds) {
  const instant = epoch(seconds);
  if (instant === null) throw new RefusalError("implausible", "epoch outside the calendar");
  return instant;
}

/**
 * As `fromEpoch`, but of any later number make the last second of the calendar: some issuers write milliseconds, and
 * some a number so large that it means "never".
 * @param {number | bigint} seconds
 */
export function fromEpochOrLast(seconds) {
  const later = seconds > EPOCH_MAX && seconds < Infinity;
  return fromEpoch(later ? EPOCH_MAX : Number(seconds));
}

/** Read what tag 0 of CBOR holds; `null` where it is no date and time. @param {string} text */
export function parseDateTime(text) {
  if (!DATE_TIME.test(text)) return null;
  const micros = parsed(text);
  if (micros === null) return null;
  return new Instant(micros, text.endsWith("Z") ? 0 : (offsetMicros(text.slice(-6)) ?? 0));
}

/**
 * Read `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a date-time; unknown parts are written as `00` or `XX`.
 * Refuses with `implausible` what is no date of the calendar.
 * @param {string} text
 */
export function parsePartialDate(text) {
  const match = text.length <= LONGEST ? PARTIAL.exec(text) : null;
  if (match === null || !["", "T", " "].includes(text.slice(match[0].length, match[0].length + 1))) {
    throw new RefusalError("implausible", "not a date");
  }
  const year = Number(match[1]);
  const month = part(match[2]);
  const day = month !== null ? part(match[3]) : null;
  if (!isDate(year, month ?? 1, day ?? 1)) throw new RefusalError("implausible", "not a date of the calendar");
  return new PartialDate(year, month, day);
}

/** @param {string | undefined} digits */
function part(digits) {
  return digits !== undefined && /^[0-9]+$/.test(digits) ? Number(digits) || null : null;
}

/** Read an RFC 3339 instant, leniently; refuses with `implausible`. @param {string} text */
export function parseInstant(text) {
  const micros = text.length <= LONGEST ? parsed(text.replace(BLANK, "").toUpperCase()) : null;
  if (micros === null) throw new RefusalError("implausible", "not an instant");
  return new Instant(micros);
}

// The forms of ISO 8601 that the Python core takes: dates with or without hyphens, weeks, times with or without colons.
const DATE = /^(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})([0-9]{2})([0-9]{2})|([0-9]{4})-?W([0-9]{2})(?:-?([0-9]))?)/;
const TIME = /^([0-9]{2})(?:(:?)([0-9]{2})(?:\2([0-9]{2})(?:[.,]([0-9]+))?)?)?(Z|[+-].+)?$/;
const OFFSET = /^([+-])([0-9]{2})(?:(:?)([0-9]{2})(?:\3([0-9]{2})(?:[.,]([0-9]+))?)?)?$/;
const BLANK = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

/** Return microseconds since 1970, or `null`. @param {string} text */
function parsed(text) {
  const found = isoInstant(text);
  return found === null ? null : inCalendar(found.micros);
}

/**
 * Read ISO 8601 as the Python core does: microseconds since 1970, perhaps outside the calendar, and whether the
 * text names its offset; `null` where it is none.
 * @param {string} text @returns {{ micros: number, offset: boolean } | null}
 */
export function isoInstant(text) {
  const found = DATE.exec(text);
  if (found === null) return null;
  const days = found[7] === undefined ? dateDays(found) : weekDays(found);
  if (days === null) return null;
  const rest = text.slice(found[0].length);
  if (rest === "") return { micros: days * DAY, offset: false };
  const clock = rest.slice([...rest][0].length);
  const micros = timeMicros(clock);
  return micros === null ? null : { micros: days * DAY + micros, offset: /[Z+-]/.test(clock) };
}

/** Tell whether a text is a day of the calendar as ISO 8601 writes it. @param {string} text */
export function isDay(text) {
  const found = [7, 8, 10].includes(text.length) ? DATE.exec(text) : null;
  if (found === null || found[0].length !== text.length) return false;
  return (found[7] === undefined ? dateDays(found) : weekDays(found)) !== null;
}

/** @param {number} micros */
function inCalendar(micros) {
  return micros >= EPOCH_MIN * 1e6 && micros < (EPOCH_MAX + 1) * 1e6 ? micros : null;
}

/** @param {RegExpExecArray} found */
function dateDays(found) {
  const [year, month, day] = [found[1] ?? found[4], found[2] ?? found[5], found[3] ?? found[6]].map(Number);
  return isDate(year, month, day) ? daysOf(year, month, day) : null;
}

/** @param {RegExpExecArray} found */
function weekDays(found) {
  const [year, week, day] = [Number(found[7]), Number(found[8]), Number(found[9] ?? 1)];
  if (year < 1 || week < 1 || week > 53 || day < 1 || day > 7) return null;
  const first = daysOf(year, 1, 1);
  const weekday = (((first + 3) % 7) + 7) % 7; // Monday is 0
  const monday = first - weekday + (weekday > 3 ? 7 : 0);
  const long = weekday === 3 || (weekday === 2 && lengthOf(year, 2) === 29);
  return week === 53 && !long ? null : monday + (week - 1) * 7 + day - 1;
}

/** @param {string} text */
function timeMicros(text) {
  const found = TIME.exec(text);
  if (found === null) return null;
  const [hours, minutes, seconds] = [found[1], found[3] ?? "0", found[4] ?? "0"].map(Number);
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const offset = found[6] === undefined || found[6] === "Z" ? 0 : offsetMicros(found[6]);
  if (offset === null) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * 1e6 + fraction(found[5]) - offset;
}

/** @param {string} text */
function offsetMicros(text) {
  const found = OFFSET.exec(text);
  if (found === null) return null;
  const [hours, minutes, seconds] = [found[2], found[4] ?? "0", found[5] ?? "0"].map(Number);
  const micros = ((hours * 60 + minutes) * 60 + seconds) * 1e6 + fraction(found[6]);
  return micros < DAY ? (found[1] === "-" ? -micros : micros) : null;
}

/** @param {string | undefined} digits */
function fraction(digits) {
  return digits === undefined ? 0 : Number(digits.slice(0, 6).padEnd(6, "0"));
}

/** Write an instant in UTC, cut to the second, ending in `Z`. @param {Instant} instant */
export function rfc3339(instant) {
  const seconds = Math.floor(instant.micros / 1e6);
  return new Date(seconds * 1000).toISOString().replace(/\.[0-9]{3}Z$/, "Z");
}

/** Write an instant as the Python core's `isoformat`: with the offset that it was written with. @param {Instant} instant */
export function isoText({ micros, offset }) {
  const local = micros + offset;
  const seconds = Math.floor(local / 1e6);
  const finer = local - seconds * 1e6;
  const minutes = Math.abs(offset) / 60e6;
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  const decimals = finer ? `.${String(finer).padStart(6, "0")}` : "";
  return new Date(seconds * 1_000).toISOString().slice(0, 19) + decimals + zone;
}

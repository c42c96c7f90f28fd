// Date-times as CertLogic has them: milliseconds since 1970.  Twin of huxin.trust.rules.datetimes.
//
// Reckoned in whole numbers, as there: engines of browsers read texts of dates in ways of their own.

import { RefusalError } from "../kernel/errors.js";

/** @typedef {"year" | "month" | "day" | "hour"} Unit */

export const UNITS = ["year", "month", "day", "hour"];
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
// ECMA-262, 21.4.1.1: a hundred million days to either side of 1970.
export const FURTHEST = 8_640_000_000_000_000;
const LONGEST = 64;

const DATE = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/;
const DATE_TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:Z|([+-])([0-9]{1,2}?)(?::?([0-9]{2}))?)?$/;

/**
 * Quotient and remainder, both rounded down; exact where a division of large numbers is not.
 * @param {number} one
 * @param {number} by
 * @returns {[number, number]}
 */
function divided(one, by) {
  const rest = ((one % by) + by) % by;
  return [(one - rest) / by, rest];
}

/**
 * Counts days since 1970-01-01; month and day may lie outside their usual bounds and run over.
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
function daysOf(year, month, day) {
  const [years, months] = divided(month - 1, 12);
  const full = year + years;
  const inYear = months + 1;
  // The year begins in March here, so that the day which is sometimes missing comes last.
  const [era, ofEra] = divided(full - (inYear <= 2 ? 1 : 0), 400);
  const ofYear = Math.floor((153 * ((inYear + 9) % 12) + 2) / 5);
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear + day - 719_469;
}

/**
 * Year, month and day of a count of days since 1970-01-01.
 * @param {number} days
 * @returns {[number, number, number]}
 */
function civil(days) {
  const [era, ofEra] = divided(days + 719_468, 146_097);
  const whole = Math.floor;
  const ofEraYear = whole((ofEra - whole(ofEra / 1_460) + whole(ofEra / 36_524) - whole(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * ofEraYear + whole(ofEraYear / 4) - whole(ofEraYear / 100));
  const marchMonth = whole((5 * ofYear + 2) / 153);
  const month = ((marchMonth + 2) % 12) + 1;
  const day = ofYear - whole((153 * marchMonth + 2) / 5) + 1;
  return [era * 400 + ofEraYear + (month <= 2 ? 1 : 0), month, day];
}

/**
 * Reads a date, a date known in part, or a date-time; refuses with `logic-date`.
 * @param {string} text
 */
export function parse(text) {
  if ([...text].length > LONGEST) throw new RefusalError("logic-date", "too long for a date-time");
  if (DATE.test(text)) return parseBirth(text);
  const match = DATE_TIME.exec(text);
  if (match === null) throw new RefusalError("logic-date", "not an allowed date or date-time");
  const days = dayOf(match[1], match[2], match[3]);
  const ofDay = timeOf(Number(match[4]), Number(match[5]), Number(match[6]));
  // Decimals after the third are dropped, which is rounding down.
  const milliseconds = Number(`${match[7] ?? ""}000`.slice(0, 3));
  const offset = offsetOf(match[8], match[9], match[10]);
  if (ofDay === DAY && milliseconds) throw new RefusalError("logic-date", "no such time of the day");
  return days * DAY + ofDay + milliseconds - offset;
}

/**
 * Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD` as the last day that it may mean, midnight UTC.
 * @param {string} text
 */
export function parseBirth(text) {
  const match = [...text].length <= LONGEST ? DATE.exec(text) : null;
  if (match === null) throw new RefusalError("logic-date", "not a date of birth");
  const [, year, month, day] = match;
  if (month === undefined) return daysOf(Number(year), 12, 31) * DAY;
  if (day === undefined) {
    dayOf(year, month, "01");
    return (daysOf(Number(year), Number(month) + 1, 1) - 1) * DAY;
  }
  return dayOf(year, month, day) * DAY;
}

/**
 * @param {string} year
 * @param {string} month
 * @param {string} day
 */
function dayOf(year, month, day) {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const found = m >= 1 && m <= 12 && d >= 1 && d <= daysOf(y, m + 1, 1) - daysOf(y, m, 1);
  if (!found) throw new RefusalError("logic-date", "not a date of the calendar");
  return daysOf(y, m, d);
}

/**
 * @param {number} hour
 * @param {number} minute
 * @param {number} second
 */
function timeOf(hour, minute, second) {
  const midnightAfter = hour === 24 && minute === 0 && second === 0;
  if (!midnightAfter && (hour > 23 || minute > 59 || second > 59)) {
    throw new RefusalError("logic-date", "no such time of the day");
  }
  return hour * HOUR + minute * 60_000 + second * 1_000;
}

/**
 * @param {string | undefined} sign
 * @param {string | undefined} hours
 * @param {string | undefined} minutes
 */
function offsetOf(sign, hours, minutes) {
  if (sign === undefined) return 0;
  const [h, m] = [Number(hours ?? 0), Number(minutes ?? 0)];
  if (h > 23 || m > 59) throw new RefusalError("logic-date", "no such offset");
  const length = h * HOUR + m * 60_000;
  return sign === "-" ? -length : length;
}

/**
 * Moves an instant; refuses with `logic-date` what leaves the calendar.
 * @param {number} instant
 * @param {number} amount
 * @param {Unit} unit
 */
export function shift(instant, amount, unit) {
  let moved = instant + amount * (unit === "hour" ? HOUR : DAY);
  if (unit === "year" || unit === "month") {
    const [days, ofDay] = divided(instant, DAY);
    const [year, month, day] = civil(days);
    const there = unit === "year" ? daysOf(year + amount, month, day) : daysOf(year, month + amount, day);
    moved = there * DAY + ofDay;
  }
  if (!(moved >= -FURTHEST && moved <= FURTHEST)) throw new RefusalError("logic-date", "outside the calendar");
  return moved;
}

/**
 * Writes an instant as ECMAScript does: `YYYY-MM-DDThh:mm:ss.sssZ`.
 * @param {number} instant
 */
export function asText(instant) {
  return new Date(instant).toISOString();
}

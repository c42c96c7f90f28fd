// Days as the paper has them, in the time of a place.

const NOON = 43_200;
const DAY = 86_400;

/** Return the function that writes an instant as the day of a place. @param {string} zone */
export function dayIn(zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  /** @param {import("../kernel/instants.js").Instant} instant */
  return (instant) => {
    const found = Object.fromEntries(parts.formatToParts(instant.seconds * 1000).map(({ type, value }) => [type, value]));
    return `${found.year.padStart(4, "0")}-${found.month}-${found.day}`;
  };
}

/** Return the last day: our own cards end at noon of the next day in UTC, so that the printed day is whole everywhere. @param {import("../kernel/instants.js").Instant} instant @param {(instant: any) => string} day */
export function lastDay(instant, day) {
  const seconds = Math.floor(instant.seconds);
  if (((seconds % DAY) + DAY) % DAY !== NOON) return day(instant);
  return new Date((seconds - NOON - DAY) * 1000).toISOString().slice(0, 10);
}

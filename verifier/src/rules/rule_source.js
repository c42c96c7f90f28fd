// A rule document that is being read: every value is asked for by its name and its type, and refused with its place.

import { letters } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { isDay, isoInstant } from "../kernel/instants.js";
import { parseLogic } from "./expression.js";
import { isObject } from "./values.js";

const MAX_TEXT = 2_000;
const MAX_FIELDS = 200;
export const MAX_TEXTS = 40;

export const VERSION = /^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$/;
const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/;
// RFC 3339 in capital letters: what stands before the decimals, the decimals, the offset.
const INSTANT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])(?:\.([0-9]+))?(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const LONGEST_INSTANT = 40;
// The years 1 to 9999, in milliseconds since 1970.
const FIRST = -62_135_596_800_000;
const END = 253_402_300_800_000;

export class Source {
  /** @param {Record<string, any>} document @param {string} [place] */
  constructor(document, place = "") {
    this.document = document;
    this.place = place;
    this.asked = new Set();
  }

  /** @param {string} name @param {string} why @param {string} [code] */
  refusal(name, why, code = "rule-shape") {
    return new RefusalError(code, `at ${this.place}/${name}: ${why}`);
  }

  /** Return what stands under a name, or null. @param {string} name */
  found(name) {
    return Object.hasOwn(this.document, name) ? (this.document[name] ?? null) : null;
  }

  /** @param {string} name @returns {any} */
  any(name) {
    this.asked.add(name);
    const found = this.found(name);
    if (found === null) throw this.refusal(name, "missing");
    return found;
  }

  /** @param {string} name @param {RegExp} [pattern] @returns {string} */
  text(name, pattern) {
    const found = this.any(name);
    if (typeof found !== "string" || !found || letters(found) > MAX_TEXT) {
      throw this.refusal(name, "not a text of a usable length");
    }
    if (found.normalize("NFC") !== found) throw this.refusal(name, "not in Unicode's form NFC", "rule-text");
    if (pattern && !pattern.test(found)) throw this.refusal(name, "not of the form that is needed here");
    return found;
  }

  /** @param {string} name @param {string[]} allowed */
  choice(name, allowed) {
    const found = this.text(name);
    if (!allowed.includes(found)) throw this.refusal(name, `none of ${allowed.join(", ")}`);
    return found;
  }

  /** @param {string} name @param {string[]} [allowed] @returns {string[]} */
  texts(name, allowed) {
    const found = this.any(name);
    if (!Array.isArray(found) || found.length > MAX_FIELDS) throw this.refusal(name, "not a list of texts");
    const inner = new Source({ ...found }, `${this.place}/${name}`);
    return found.map((_, at) => (allowed ? inner.choice(String(at), allowed) : inner.text(String(at))));
  }

  /** @param {string} name @returns {Map<string, string>} */
  byLanguage(name) {
    const inner = this.inner(name);
    const languages = Object.keys(inner.document);
    if (languages.length > MAX_TEXTS) throw this.refusal(name, "too many languages");
    if (!languages.every((one) => LANGUAGE.test(one))) throw this.refusal(name, "not a language");
    return new Map(languages.map((one) => [one, inner.text(one)]));
  }

  /** @param {string} name */
  inner(name) {
    const found = this.any(name);
    if (!isObject(found)) throw this.refusal(name, "not an object");
    return new Source(found, `${this.place}/${name}`);
  }

  /** Return milliseconds since 1970; what is finer than one stands behind the point. @param {string} name */
  instant(name) {
    const text = this.text(name);
    const form = letters(text) <= LONGEST_INSTANT ? INSTANT.exec(text) : null;
    if (form === null) throw this.refusal(name, "not an instant", "rule-dates");
    const [, whole, decimals = "", offset] = form;
    if (offset === undefined) throw this.refusal(name, "an instant needs its offset", "rule-dates");
    const found = isoInstant(whole + offset);
    if (found === null) throw this.refusal(name, "not an instant", "rule-dates");
    // Whole seconds are compared: near the end of the calendar a number has no room for the sixth decimal.
    const second = found.micros / 1_000;
    if (second < FIRST || second >= END) throw this.refusal(name, "outside the calendar", "rule-dates");
    return second + Number(decimals.slice(0, 6).padEnd(6, "0")) / 1_000;
  }

  /** @param {string} name */
  day(name) {
    const text = this.text(name);
    if (!DAY.test(text) || !isDay(text)) throw this.refusal(name, "not a day", "rule-dates");
    return text;
  }

  /** @param {string} name */
  version(name) {
    return this.text(name, VERSION).split(".").map(Number);
  }

  /** @param {string} name */
  logic(name) {
    const given = this.any(name);
    try {
      return parseLogic(given);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      const detail = error.detail.replace(/^at /, "").replace(/^\/: /, "");
      const joined = detail.startsWith("/") ? detail : `: ${detail}`;
      throw new RefusalError(error.code, `at ${this.place}/${name}${joined}`);
    }
  }

  /** Return what a reader finds under a name; null where nothing is. @template T @param {string} name @param {(name: string) => T} read @returns {T | null} */
  perhaps(name, read) {
    return this.found(name) === null ? null : read.call(this, name);
  }

  /** Refuse a field that nobody asked for. */
  nothingElse() {
    for (const name of Object.keys(this.document)) {
      if (this.asked.has(name)) continue;
      throw this.refusal([...name].slice(0, 40).join(""), "a field that the law does not know");
    }
  }
}

// Takes the fields of a federation's document one by one, and refuses the whole at the first that is wrong.
//
// Such documents were signed by people who had seen them: what is wrong in one is a reason to believe none of it.

import { b64Bytes, letters } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { Instant, parseInstant } from "../kernel/instants.js";
import { parse } from "../kernel/strict_json.js";
import { isRegion } from "./layout.js";

const LANGUAGES = ["zh", "en"];
const MOST_LETTERS = 20_000;
const STAMP = /^([0-9]{4})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const [FIRST_YEAR, LAST_YEAR] = [1970, 9000];
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}]/u;
const DIGITS = /^[0-9a-f]*$/;
const DIGEST_LETTERS = 64;

/** Return the refusal of a document for what is wrong at a place. @param {string} place @param {string} what */
export function refuse(place, what) {
  return new RefusalError("trust-file", `at ${place || "/"}: ${what}`);
}

/** Read an instant in the one form of time that TUF has. @param {unknown} found @param {string} place */
export function parseStamp(found, place) {
  const parts = typeof found === "string" ? STAMP.exec(found) : null;
  if (parts === null) throw refuse(place, "not an instant such as 2026-11-28T08:00:00Z");
  // Days are added to instants and taken from them: none may be at the edge of the calendar.
  const year = Number(parts[1]);
  if (!(year >= FIRST_YEAR && year < LAST_YEAR)) throw refuse(place, `not from ${FIRST_YEAR} to ${LAST_YEAR}`);
  try {
    return parseInstant(parts[0]);
  } catch (error) {
    if (error instanceof RefusalError) throw refuse(place, "not an instant of the calendar");
    throw error;
  }
}

/**
 * Read a document of version 1 of a kind; refuses with `trust-file` or `too-big`.
 * @param {Uint8Array} data @param {string} kind @param {number} limit
 */
export function document(data, kind, limit) {
  if (data.length > limit) throw new RefusalError("too-big", kind);
  const fields = new Fields("", parse(data, "trust-file"));
  if (fields.text("huxin") !== kind || fields.number("v") !== 1) throw refuse("", `not ${kind} of version 1`);
  return fields;
}

/** An object of a document; `only` refuses what the version does not know. */
export class Fields {
  /** @param {string} place @param {unknown} found */
  constructor(place, found) {
    if (!(found instanceof Map)) throw refuse(place, "not an object");
    this.place = place;
    this.fields = found;
  }

  /** @param {...string} names */
  only(...names) {
    for (const name of this.fields.keys()) {
      if (!names.includes(name)) throw refuse(this.place, "a field that version 1 does not know");
    }
  }

  /** Tell whether the field is there and not null. @param {string} name */
  has(name) {
    return (this.fields.get(name) ?? null) !== null;
  }

  /** Return a text of NFC, not empty and without controls but line ends. @param {string} name @returns {string} */
  text(name) {
    const found = this.fields.get(name);
    if (typeof found !== "string" || found === "" || letters(found) > MOST_LETTERS) throw this.wrong(name, "not a text");
    if (found.normalize("NFC") !== found) throw this.wrong(name, "not in normal form C");
    if (UNSEEN.test(found)) throw this.wrong(name, "a character that cannot be seen");
    return found;
  }

  /** @param {string} name @param {string[]} known */
  choice(name, known) {
    const found = this.text(name);
    if (!known.includes(found)) throw this.wrong(name, `none of ${known.join(", ")}`);
    return found;
  }

  /**
   * Return a whole number between `least` and `most`.
   * @param {string} name @param {number} [least] @param {number} [most] @returns {number}
   */
  number(name, least = 0, most = Number.MAX_SAFE_INTEGER) {
    const found = this.fields.get(name);
    if (typeof found !== "number" || found < least || found > most) {
      throw this.wrong(name, `not a whole number from ${least} to ${most}`);
    }
    return found;
  }

  /** @param {string} name */
  region(name) {
    const found = this.text(name);
    if (!isRegion(found)) throw this.wrong(name, "not a region");
    return found;
  }

  /** @param {string} name @returns {Instant} */
  instant(name) {
    return parseStamp(this.fields.get(name), `${this.place}/${name}`);
  }

  /** Return a SHA-256 in 64 hexadecimal digits, small ones. @param {string} name */
  digest(name) {
    const found = this.text(name);
    if (found.length !== DIGEST_LETTERS || !DIGITS.test(found)) throw this.wrong(name, "not a SHA-256 in hexadecimal digits");
    return found;
  }

  /** Return up to `most` bytes that stand in base64, in its one form. @param {string} name @param {number} most */
  octets(name, most) {
    const found = this.fields.get(name);
    if (typeof found !== "string" || found.length > Math.floor((most * 4) / 3) + 4) {
      throw this.wrong(name, "not a text, or too long a one");
    }
    const octets = b64Bytes(found);
    if (octets === null) throw this.wrong(name, "not base64");
    if (!isOneForm(found)) throw this.wrong(name, "not the one form of base64");
    return octets;
  }

  /** Return a text in each of the languages. @param {string} name @returns {Record<string, string>} */
  words(name) {
    const found = this.object(name);
    found.only(...LANGUAGES);
    return Object.fromEntries(LANGUAGES.map((language) => [language, found.text(language)]));
  }

  /** Return a list of region codes, each once. @param {string} name @param {number} most */
  regions(name, most) {
    return this.once(name, this.items(name, most).map((one) => one.region("one")));
  }

  /** Return a list of digests, each once. @param {string} name @param {number} most */
  digests(name, most) {
    return this.once(name, this.items(name, most).map((one) => one.digest("one")));
  }

  /** @param {string} name */
  object(name) {
    return new Fields(`${this.place}/${name}`, this.fields.get(name));
  }

  /** @param {string} name @param {number} most */
  objects(name, most) {
    return this.list(name, most).map((one, number) => new Fields(`${this.place}/${name}/${number}`, one));
  }

  /** @param {string} name @param {number} most */
  items(name, most) {
    return this.list(name, most).map((one) => new Fields(`${this.place}/${name}`, new Map([["one", one]])));
  }

  /** @param {string} name @param {string[]} found */
  once(name, found) {
    if (new Set(found).size < found.length) throw this.wrong(name, "one of them twice");
    return found;
  }

  /** @param {string} name @param {number} most @returns {unknown[]} */
  list(name, most) {
    const found = this.fields.get(name);
    if (!Array.isArray(found) || found.length > most) throw this.wrong(name, `not a list of up to ${most}`);
    return found;
  }

  /** @param {string} name @param {string} what */
  wrong(name, what) {
    return refuse(`${this.place}/${name}`, what);
  }
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Tell whether the bits that are left over in the last letter of base64 are zeros. @param {string} text */
function isOneForm(text) {
  const short = text.replace(/=+$/, "");
  const left = text.length - short.length;
  return left === 0 || LETTERS.indexOf(short[short.length - 1]) % (left === 1 ? 4 : 16) === 0;
}

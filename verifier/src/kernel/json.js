// JSON from a stranger: bounded in depth, and with whole numbers told from others, as the Python core tells them.

import { utf8 } from "./bytes.js";
import { Float } from "./cbor.js";
import { RefusalError } from "./errors.js";

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const MAX_DIGITS = 4_300; // as many as the Python core makes a whole number of
const MAX_LEVELS = 950; // nested deeper the Python core's own reader gives up
const SPACE = /[ \t\n\r]/;

/**
 * Decode UTF-8 JSON; nesting past 64 levels, and halves of characters, are refused with `code`.
 *
 * Objects have no prototype, so that no name in them means anything; of a repeated key the last one counts.
 * Whole numbers are number or bigint, others `Float`.
 * @param {Uint8Array} data @param {string} code @returns {any}
 */
export function parseJson(data, code) {
  const text = utf8(data);
  if (text === null) throw new RefusalError(code, "not UTF-8");
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (depth(body) > MAX_DEPTH) throw new RefusalError(code, "JSON nested too deep");
  return read(new Reader(body), code);
}

/**
 * Decode a line of a conformance door: as `parseJson`, but halves of characters pass, and how deep it may be is for the
 * caller to say.  Refuses with `bad-input`.
 * @param {Uint8Array} data @returns {any}
 */
export function parseLine(data) {
  const text = utf8(data);
  if (text === null) throw new RefusalError("bad-input", "not JSON");
  return read(new Reader(text.startsWith("\ufeff") ? text.slice(1) : text, true), "bad-input");
}

/** @param {Reader} reader @param {string} code */
function read(reader, code) {
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof SyntaxError) throw new RefusalError(code, "not JSON");
    throw error;
  }
}

/** Return an upper bound of nesting; brackets inside texts count too, which only errs high. @param {string} text */
function depth(text) {
  let level = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "[" || letter === "{") deepest = Math.max(deepest, (level += 1));
    else if (letter === "]" || letter === "}") level -= 1;
  }
  return deepest;
}

class Reader {
  /** @param {string} text @param {boolean} [halves] whether halves of characters pass */
  constructor(text, halves = false) {
    this.text = text;
    this.halves = halves;
    this.at = 0;
    this.levels = 0;
  }

  whole() {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) throw new SyntaxError("something behind the end");
    return value;
  }

  space() {
    while (this.at < this.text.length && SPACE.test(this.text[this.at])) this.at += 1;
  }

  /** @returns {any} */
  value() {
    this.space();
    const letter = this.text[this.at];
    if (letter === "{") return this.inner(() => this.object());
    if (letter === "[") return this.inner(() => this.array());
    if (letter === '"') return this.string();
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    return this.number();
  }

  /** @template T @param {() => T} read @returns {T} */
  inner(read) {
    this.levels += 1;
    if (this.levels > MAX_LEVELS) throw new SyntaxError("nested too deep");
    const value = read();
    this.levels -= 1;
    return value;
  }

  /** @param {string} end */
  more(end) {
    this.space();
    const letter = this.text[this.at++];
    if (letter === end) return false;
    if (letter !== ",") throw new SyntaxError("no comma");
    return true;
  }

  object() {
    const found = Object.create(null);
    this.at += 1;
    this.space();
    if (this.text[this.at] === "}") {
      this.at += 1;
      return found;
    }
    do {
      this.space();
      if (this.text[this.at] !== '"') throw new SyntaxError("no name");
      const name = this.string();
      this.space();
      if (this.text[this.at++] !== ":") throw new SyntaxError("no colon");
      found[name] = this.value();
    } while (this.more("}"));
    return found;
  }

  array() {
    /** @type {any[]} */
    const found = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === "]") {
      this.at += 1;
      return found;
    }
    do found.push(this.value());
    while (this.more("]"));
    return found;
  }

  /** @returns {string} */
  string() {
    const begin = this.at;
    for (this.at += 1; this.text[this.at] !== '"'; this.at += 1) {
      if (this.at >= this.text.length) throw new SyntaxError("no end of a text");
      if (this.text[this.at] === "\\") this.at += 1;
    }
    this.at += 1;
    const value = JSON.parse(this.text.slice(begin, this.at));
    if (!this.halves && !isWellFormed(value)) throw new SyntaxError("half of a character");
    return value;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw new SyntaxError("no value");
    this.at += found[0].length;
    if (found[1] !== undefined || found[2] !== undefined) return new Float(Number(found[0]));
    if (found[0].length > MAX_DIGITS + (found[0].startsWith("-") ? 1 : 0)) throw new SyntaxError("a number too long");
    const value = BigInt(found[0]);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
}

/** @type {[string, boolean | null][]} */
const WORDS = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** Tell whether a text has no halves of characters. @param {string} text */
function isWellFormed(text) {
  return !/[\ud800-\udfff]/u.test(text);
}

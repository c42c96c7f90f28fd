// JSON of files that decide whom to believe: read more strictly than JSON asks.
//
// A name that stands twice is refused, as are numbers that JSON does not know, halves of characters and deep nesting.
// Objects are `Map`, so that names keep their order and none means anything to the language; whole numbers are number or
// bigint, others `Float`.

import { utf8 } from "./bytes.js";
import { Float } from "./cbor.js";
import { RefusalError } from "./errors.js";

// What is held to a form of its own is never deeper; the Python core stops some hundreds of levels later, with the same no.
const MAX_DEPTH = 200;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const LONGEST_NUMBER = 4_300;
const SPACE = /[ \t\n\r]*/y;
const [QUOTE, BACKSLASH, BLANK] = [0x22, 0x5c, 0x20];
const WORD = /true|false|null/y;
/** @type {Record<string, boolean | null>} */
const WORDS = { true: true, false: false, null: null };
// Half of a pair: with this flag a whole pair is one letter, and no letter of this range.
const HALF = /[\ud800-\udfff]/u;

/** Return the value that UTF-8 JSON stands for; refuses with `code`. @param {Uint8Array} data @param {string} code @returns {any} */
export function parse(data, code) {
  const text = utf8(data);
  if (text === null) throw new RefusalError(code, "not UTF-8");
  try {
    return new Reader(text.startsWith("\ufeff") ? text.slice(1) : text).whole();
  } catch (error) {
    if (error instanceof SyntaxError) throw new RefusalError(code, error.message);
    throw error;
  }
}

class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw new SyntaxError("something behind the end");
    return value;
  }

  /** @param {RegExp} form */
  take(form) {
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    if (found !== null) this.at = form.lastIndex;
    return found;
  }

  space() {
    this.take(SPACE);
  }

  /** Read one value inside so many containers. @param {number} depth @returns {any} */
  value(depth) {
    if (depth > MAX_DEPTH) throw new SyntaxError("nested too deep");
    this.space();
    const letter = this.text[this.at];
    if (letter === "{") return this.object(depth);
    if (letter === "[") return this.array(depth);
    if (letter === '"') return this.string();
    const word = this.take(WORD);
    return word !== null ? WORDS[word[0]] : this.number();
  }

  /** Tell whether another item comes before the end. @param {string} end @param {boolean} first */
  more(end, first) {
    this.space();
    const letter = this.text[this.at];
    if (letter === end) {
      this.at += 1;
      return false;
    }
    if (first) return true;
    if (letter !== ",") throw new SyntaxError("no comma");
    this.at += 1;
    return true;
  }

  /** @param {number} depth @returns {Map<string, any>} */
  object(depth) {
    const found = new Map();
    this.at += 1;
    for (let first = true; this.more("}", first); first = false) {
      this.space();
      const name = this.string();
      this.space();
      if (this.text[this.at++] !== ":") throw new SyntaxError("no colon");
      if (found.has(name)) throw new SyntaxError("a name twice");
      found.set(name, this.value(depth + 1));
    }
    return found;
  }

  /** @param {number} depth @returns {any[]} */
  array(depth) {
    const found = [];
    this.at += 1;
    for (let first = true; this.more("]", first); first = false) found.push(this.value(depth + 1));
    return found;
  }

  /** @returns {string} */
  string() {
    const begin = this.at;
    let escaped = false;
    if (this.text.charCodeAt(begin) !== QUOTE) throw new SyntaxError("not a text");
    for (this.at += 1; this.text.charCodeAt(this.at) !== QUOTE; this.at += 1) {
      const letter = this.text.charCodeAt(this.at);
      // What is behind the end is no number, and fails this too.
      if (!(letter >= BLANK)) throw new SyntaxError("a text without end, or with a control letter");
      if (letter === BACKSLASH) [escaped, this.at] = [true, this.at + 1];
    }
    this.at += 1;
    const written = this.text.slice(begin, this.at);
    const value = escaped ? JSON.parse(written) : written.slice(1, -1);
    if (HALF.test(value)) throw new SyntaxError("half of a character");
    return value;
  }

  number() {
    const found = this.take(NUMBER);
    if (found === null) throw new SyntaxError("no value");
    if (found[1] !== undefined || found[2] !== undefined) return new Float(Number(found[0]));
    if (found[0].length > LONGEST_NUMBER) throw new SyntaxError("a number too long");
    const value = BigInt(found[0]);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
}

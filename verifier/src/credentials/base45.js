// Base45 (RFC 9285): three letters are two bytes, two letters the last one.

import { RefusalError } from "../kernel/errors.js";
import { letters } from "../kernel/bytes.js";

export const MAX_LETTERS = 65_536;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const DIGITS = new Map([...ALPHABET].map((letter, value) => [letter, value]));

/** Return the bytes that a text stands for; refuses with `base45` any letter or length amiss. @param {string} text */
export function decode(text) {
  if (letters(text) > MAX_LETTERS) throw new RefusalError("too-big", "Base45 text");
  const digits = Array.from(text, digit);
  const rest = digits.length % 3;
  if (rest === 1) throw new RefusalError("base45", "a length that no bytes have");
  const groups = (digits.length - rest) / 3;
  const data = new Uint8Array(2 * groups + (rest ? 1 : 0));
  for (let group = 0; group < groups; group += 1) {
    const at = 3 * group;
    const value = digits[at] + 45 * digits[at + 1] + 2025 * digits[at + 2];
    if (value > 0xffff) throw new RefusalError("base45", "a group above 65535");
    data[2 * group] = value >> 8;
    data[2 * group + 1] = value & 0xff;
  }
  if (rest) {
    const last = digits[3 * groups] + 45 * digits[3 * groups + 1];
    if (last > 0xff) throw new RefusalError("base45", "a last pair above 255");
    data[2 * groups] = last;
  }
  return data;
}

/** @param {string} letter */
function digit(letter) {
  const value = DIGITS.get(letter);
  if (value === undefined) throw new RefusalError("base45", "a letter outside the alphabet");
  return value;
}

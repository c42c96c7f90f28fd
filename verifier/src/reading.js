// One `open()`: any text → the credentials in it, or why there is none.  A refusal is a value; nothing here looks at a key.

import { letters, utf8Bytes } from "./kernel/bytes.js";
import { RefusalError } from "./kernel/errors.js";
import { parseJson } from "./kernel/json.js";
import * as hcert from "./credentials/hcert.js";
import * as healthCard from "./credentials/smart_health_card.js";
import { isMap } from "./credentials/untrusted.js";

export const MAX_INPUT = 1_000_000;

const LINK = "shlink:/";
const LONGEST_START = 200;
// What people paste around a text: white space of every kind, and marks that nobody sees.
const AROUND = /^[ \t\r\n\v\f\u00a0\u2028\u2029\u3000\ufeff\u200b]+|[ \t\r\n\v\f\u00a0\u2028\u2029\u3000\ufeff\u200b]+$/g;
const LINE_BREAK = /[\n\v\f\r]/;
const MAX_LINES = 99; // as many as a health card may have parts
const CODES = [hcert.PREFIX, healthCard.PREFIX];
const BEGINNINGS = [...CODES, "{", "eyJ"];
const SHC_STEPS = ["jws", "inflate"];

/**
 * @typedef {{ format: string | null, passed: string[], failed: string | null,
 *   credential: any, refusal: { code: string, detail: string } | null }} Reading
 */

/** Open a text. @param {string} source @returns {Reading[]} */
export function open(source) {
  const lines = linesOf(source);
  return lines.length > 1 ? openTexts(lines) : openText(source);
}

/** @param {string} source @returns {Reading[]} */
function openText(source) {
  if (letters(source) > MAX_INPUT) return [refused("too-big")];
  const text = trimmed(source);
  if (text.startsWith(hcert.PREFIX)) return [openHcert(text)];
  if (text.startsWith(healthCard.PREFIX)) return [openChunks([text])];
  if (text.startsWith("{")) return openFile(text);
  if (text.startsWith("eyJ")) return [openJws(text, [])];
  if (start(text).includes(LINK)) return [reading("shlink", [], "prefix", new RefusalError("format", "a link"))];
  return [openHcert(text)];
}

/** Open several texts: the chunks of a health card are put together, the rest stand alone. @param {string[]} texts @returns {Reading[]} */
export function openTexts(texts) {
  const readings = [];
  const chunks = [];
  for (const text of texts.flatMap(linesOf)) {
    if (isChunk(text)) chunks.push(trimmed(text));
    else readings.push(...openText(text));
  }
  if (chunks.length) readings.push(openChunks(chunks));
  return readings.length ? readings : [refused("prefix")];
}

/** Return the cards of a text that holds one a line, and any other text as it is. @param {string} text @returns {string[]} */
export function linesOf(text) {
  if (letters(text) > MAX_INPUT || !LINE_BREAK.test(text)) return [text];
  const lines = text.split(LINE_BREAK).map(trimmed).filter(Boolean);
  const several = lines.length > 1 && lines.length <= MAX_LINES && lines.every((line) => begins(line, CODES));
  return several ? lines : [text];
}

/** Return the texts of a picture that begin as cards do; all of them where none does, since that has to be told. @param {string[]} texts */
export function cardsAmong(texts) {
  const cards = texts.filter((text) => begins(trimmed(text), BEGINNINGS));
  return cards.length ? cards : texts;
}

/** @param {string} text @param {string[]} beginnings */
function begins(text, beginnings) {
  return beginnings.some((one) => text.startsWith(one));
}

/** @param {string} text */
function start(text) {
  return letters(text) > LONGEST_START ? [...text.slice(0, 2 * LONGEST_START)].slice(0, LONGEST_START).join("") : text;
}

/** Tell whether a text is one part of several: `shc:/1/3/…`. @param {string} text */
function isChunk(text) {
  const begin = start(text).replace(AROUND, "");
  return begin.startsWith(healthCard.PREFIX) && begin.slice(0, 12).split("/").length > 2;
}

/** @param {string} text */
function trimmed(text) {
  return text.replace(AROUND, "");
}

/** @param {string} code */
function refused(code) {
  return reading(null, [], "prefix", new RefusalError(code));
}

/**
 * @param {string | null} format @param {string[]} passed @param {string | null} failed
 * @param {Reading["refusal"]} refusal @param {any} [credential] @returns {Reading}
 */
function reading(format, passed, failed, refusal, credential = null) {
  return { format, passed, failed, credential, refusal };
}

/** @param {string} text */
function openHcert(text) {
  /** @type {string[]} */
  const passed = [];
  try {
    return reading("hcert", hcert.STEPS, null, null, hcert.openText(text, passed));
  } catch (error) {
    const failed = hcert.STEPS.find((step) => !passed.includes(step)) ?? null;
    return reading(passed.length ? "hcert" : null, passed, failed, known(error));
  }
}

/** @param {string[]} texts */
function openChunks(texts) {
  let compact;
  try {
    compact = healthCard.fromChunks(texts);
  } catch (error) {
    return reading("shc", [], "digits", known(error));
  }
  return openJws(compact, ["digits"]);
}

/** @param {string} compact @param {string[]} passed */
function openJws(compact, passed) {
  try {
    const credential = healthCard.openJws(compact, passed);
    return reading("shc", passed, null, null, credential);
  } catch (error) {
    // A bare JWS has no digits, so that step is neither held nor failed.
    const failed = SHC_STEPS.find((step) => !passed.includes(step)) ?? null;
    return reading("shc", passed, failed, known(error));
  }
}

/** @param {string} text */
function openFile(text) {
  try {
    const document = parseJson(utf8Bytes(text), "format");
    const cards = healthCard.jwsOfFile(isMap(document) ? document : Object.create(null));
    return cards.map((card) => openJws(card, []));
  } catch (error) {
    return [reading(null, [], "jws", known(error))];
  }
}

/** @param {unknown} error @returns {RefusalError} */
function known(error) {
  if (error instanceof RefusalError) return error;
  throw error;
}

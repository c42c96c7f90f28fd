// Decoded payloads and facts as JSON that any program can read: keys as text, instants as RFC 3339, bytes as base64url.

import { b64url } from "../kernel/bytes.js";
import { Float, Simple, Tag, UNDEFINED } from "../kernel/cbor.js";
import { Instant, PartialDate, rfc3339 } from "../kernel/instants.js";
import { floatText, isMap } from "../credentials/untrusted.js";

/** Return a payload as plain data. @param {any} value @returns {any} */
export function plain(value) {
  if (value === null || ["boolean", "number", "string"].includes(typeof value)) return value;
  if (typeof value === "bigint") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return object([...value].map(([key, one]) => [keyText(key), plain(one)]));
  return scalar(value);
}

/** Return an object with these members, whatever they are called. @param {[string, any][]} pairs */
function object(pairs) {
  const found = Object.create(null);
  for (const [name, value] of pairs) found[name] = value;
  return found;
}

/** @param {any} value */
function scalar(value) {
  if (value instanceof Float) return Number.isFinite(value.value) ? value : floatText(value.value);
  if (value instanceof Uint8Array) return b64url(value);
  if (value instanceof Instant) return rfc3339(value);
  if (value instanceof Tag) return { tag: value.tag, value: plain(value.value) };
  if (value === UNDEFINED) return "undefined";
  if (value instanceof Simple) return String(value.value);
  return isMap(value) ? object(Object.entries(value).map(([key, one]) => [key, plain(one)])) : String(value);
}

/** @param {any} key */
function keyText(key) {
  const told = plain(key);
  return typeof told === "string" ? told : unescaped(told, byCodePoint);
}

/** Return facts as plain data; what is absent is left out. @param {any} value @returns {any} */
export function factsPlain(value) {
  if (Array.isArray(value)) return value.map(factsPlain);
  if (value instanceof Instant) return rfc3339(value);
  if (value instanceof PartialDate) return String(value);
  if (typeof value !== "object" || value === null) return value;
  if ("system" in value && "code" in value) return `${value.system}:${value.code}`;
  const pairs = Object.entries(value).map(([name, one]) => [name, factsPlain(one)]);
  return Object.fromEntries(pairs.filter(([, one]) => one !== null && one !== "" && !(Array.isArray(one) && one.length === 0)));
}

/** Write JSON; whole numbers beyond 2^53 and floats as they are, letters beyond ASCII as escapes. @param {unknown} value @returns {string} */
export function written(value) {
  return unescaped(value).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Compare two member names letter by letter, as the core does; not by UTF-16 units. @param {[string, any]} one @param {[string, any]} other */
function byCodePoint([one], [other]) {
  const [left, right] = [[...one], [...other]];
  const at = left.findIndex((letter, place) => letter !== right[place]);
  if (at < 0) return left.length - right.length;
  return (left[at].codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

/** Write JSON without blanks; members in an order, where one is asked. @param {any} value @param {typeof byCodePoint} [order] @returns {string} */
function unescaped(value, order) {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Float) return floatText(value.value);
  // JSON has no word for it; who writes the line answers something else.
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError("a number without end");
  if (Array.isArray(value)) return `[${value.map((one) => unescaped(one, order)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = order ? Object.entries(value).sort(order) : Object.entries(value);
  const members = entries.map(([name, one]) => `${JSON.stringify(name)}:${unescaped(one, order)}`);
  return `{${members.join(",")}}`;
}

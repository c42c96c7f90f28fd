// What the doors share: a line as one object, its id, and how deep it may be.  Twin of huxin.cli.lines.

import { Float, isWhole } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import { parseLine } from "../kernel/json.js";
import { isMap } from "../credentials/untrusted.js";

const MAX_DEPTH = 200;

/** Return the JSON object of a line; refuses with `bad-input`. @param {Uint8Array} line @returns {Record<string, any>} */
export function oneObject(line) {
  const found = parseLine(line);
  if (!isMap(found)) throw bad("not an object");
  return found;
}

/** Return the id of a case; refuses what is neither a text nor a number. @param {Record<string, any>} found */
export function identifier(found) {
  const id = found.id ?? null;
  if (id instanceof Float && Number.isFinite(id.value)) return id; // written as it came: 1.0 is not 1
  if (id !== null && typeof id !== "string" && typeof id !== "boolean" && !isWhole(id)) throw bad("id: not a text or a number");
  return id;
}

/** Refuse a case that is nested deeper than anything that follows should have to go. @param {Record<string, any>} found */
export function bounded(found) {
  let level = [found];
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    level = level.filter((one) => Array.isArray(one) || isMap(one)).flatMap((one) => Object.values(one));
    if (level.length === 0) return;
  }
  throw bad("nested too deep");
}

/** Return what was read with numbers as JavaScript has them: a float is a number, and may be a whole one. @param {any} value @returns {any} */
export function ordinary(value) {
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(ordinary);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, ordinary(one)]));
}

/** @param {string} what */
export function bad(what) {
  return new RefusalError("bad-input", what);
}

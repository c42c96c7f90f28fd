// EU DCC (HCERT claim 1): payload → facts.  Exactly one kind of event; the last entry gives identifier and issuer.

import { Float, UNDEFINED } from "../kernel/cbor.js";
import { RefusalError } from "../kernel/errors.js";
import * as untrusted from "./untrusted.js";

/** @typedef {import("./untrusted.js").Source} Source */

/** @param {Source} entry */
function vaccination(entry) {
  return {
    kind: "vaccination",
    disease: untrusted.code(entry, "tg", "snomed"),
    vaccine: untrusted.code(entry, "vp", "dcc-vp"),
    product: untrusted.code(entry, "mp", "dcc-mp"),
    maker: untrusted.code(entry, "ma", "dcc-ma"),
    dose: untrusted.number(entry, "dn"),
    series: untrusted.number(entry, "sd"),
    date: untrusted.partialDate(entry, "dt"),
  };
}

/** @param {Source} entry */
function test(entry) {
  return {
    kind: "test",
    disease: untrusted.code(entry, "tg", "snomed"),
    method: untrusted.code(entry, "tt", "loinc"),
    result: untrusted.code(entry, "tr", "snomed"),
    sampled: untrusted.instant(entry, "sc"),
    device: untrusted.code(entry, "ma", "dcc-rat"),
    name: untrusted.text(entry, "nm"),
    centre: untrusted.text(entry, "tc"),
  };
}

/** @param {Source} entry */
function recovery(entry) {
  return {
    kind: "recovery",
    disease: untrusted.code(entry, "tg", "snomed"),
    first_positive: untrusted.partialDate(entry, "fr"),
    valid_from: untrusted.partialDate(entry, "df"),
    valid_until: untrusted.partialDate(entry, "du"),
  };
}

/** @type {Record<string, (entry: Source) => any>} */
const READERS = { v: vaccination, t: test, r: recovery };

/** Read the map under claim 1; refuses with `implausible`. @param {Source} payload */
export function parse(payload) {
  const present = Object.keys(READERS).filter((kind) => isSomething(untrusted.get(payload, kind)));
  if (present.length !== 1) throw new RefusalError("implausible", `${present.length} kinds of event`);
  const found = untrusted.entries(untrusted.get(payload, present[0]));
  const events = found.map(READERS[present[0]]);
  const entry = found[found.length - 1];
  const name = untrusted.mapping(payload, "nam");
  const names = {
    family: untrusted.text(name, "fn") ?? "",
    given: untrusted.text(name, "gn") ?? "",
    latin_family: untrusted.text(name, "fnt") ?? "",
    latin_given: untrusted.text(name, "gnt") ?? "",
  };
  return {
    person: { name: names, birth: untrusted.strictDate(payload, "dob") },
    events,
    identifier: untrusted.text(entry, "ci"),
    issuer: untrusted.text(entry, "is"),
    place: untrusted.text(entry, "co"),
  };
}

/** Tell whether there is something: an empty list, an empty text and zero are nothing. @param {any} value */
function isSomething(value) {
  if (value === null || value === UNDEFINED || value === false || value === "" || value === 0) return false;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return !(value instanceof Float) || value.value !== 0;
}

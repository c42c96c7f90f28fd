// The Huxin attestation (HCERT claim -100): payload → facts.  `spec/credential.md` is the law.

import { RefusalError } from "../kernel/errors.js";
import * as untrusted from "./untrusted.js";

export const VERSION = 1;

/** @typedef {import("./untrusted.js").Source} Source */

/** Read the map under claim -100; refuses with `implausible` (or `format`: a later version). @param {Source} payload */
export function parse(payload) {
  if (untrusted.get(payload, "v") !== VERSION) throw new RefusalError("format", "an attestation of another version");
  const kind = untrusted.text(payload, "k") ?? "";
  const reader = Object.hasOwn(READERS, kind) ? READERS[kind] : null;
  if (reader === null) throw new RefusalError("implausible", "not one of the five kinds");
  const event = reader(untrusted.mapping(payload, "e"));
  const names = { whole: untrusted.text(payload, "n") ?? "", latin_whole: untrusted.text(payload, "l") ?? "" };
  return {
    person: {
      name: names,
      birth: untrusted.strictDate(payload, "b"),
      sex: untrusted.text(payload, "s"),
      document: untrusted.text(payload, "d"),
      guardian: untrusted.text(payload, "g"),
    },
    events: [{ kind, ...event }],
    identifier: untrusted.text(payload, "i"),
    issuer: untrusted.text(payload, "o"),
    pack: untrusted.text(payload, "p"),
  };
}

/** @param {Source} entry @param {string} key */
function code(entry, key) {
  const written = untrusted.text(entry, key);
  if (written === null) return null;
  const at = written.indexOf(":");
  const [system, rest] = at < 0 ? [written, ""] : [written.slice(0, at), written.slice(at + 1)];
  return rest ? { system, code: rest } : { system: "", code: system };
}

/** Return what all events share: from (`f`), until (`u`), centre (`c`). @param {Source} entry */
function span(entry) {
  return {
    valid_from: untrusted.partialDate(entry, "f"),
    // An end that cannot be read must not become "without end".
    valid_until: untrusted.strictDate(entry, "u"),
    centre: untrusted.text(entry, "c"),
  };
}

/** @type {Record<string, (entry: Source) => any>} */
const READERS = {
  vaccination: (entry) => ({
    disease: code(entry, "d"),
    vaccine: code(entry, "a"),
    product: code(entry, "m"),
    maker: code(entry, "o"),
    dose: untrusted.number(entry, "n"),
    series: untrusted.number(entry, "t"),
    date: untrusted.partialDate(entry, "w"),
    batch: untrusted.text(entry, "b"),
    ...span(entry),
  }),
  test: (entry) => ({
    disease: code(entry, "d"),
    method: code(entry, "y"),
    result: code(entry, "r"),
    sampled: untrusted.instant(entry, "w"),
    ...span(entry),
  }),
  recovery: (entry) => ({
    disease: code(entry, "d"),
    first_positive: untrusted.partialDate(entry, "w"),
    ...span(entry),
  }),
  examination: (entry) => ({
    purpose: untrusted.text(entry, "x") ?? "",
    performed: untrusted.partialDate(entry, "w"),
    ...span(entry),
  }),
  clearance: (entry) => ({
    purpose: untrusted.text(entry, "x") ?? "",
    exemption: untrusted.get(entry, "z") === true,
    ...span(entry),
  }),
};

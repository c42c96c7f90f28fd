// WHO digital vaccination certificate, ICVP (HCERT claim -6): payload → facts.  Both spellings that occur are read.

import * as untrusted from "./untrusted.js";

const SYSTEM = "who";

/** @typedef {import("./untrusted.js").Source} Source */

/** Read the map under claim -6; refuses with `implausible`. @param {Source} payload */
export function parse(payload) {
  const doses = untrusted.entries(untrusted.get(payload, spelling(payload, "v", "vx")));
  const events = doses.map(vaccination);
  const name = untrusted.text(payload, "n") ?? "";
  // A travel document's name is in Latin letters; another script is native.
  const names = /^[\0-\x7f]*$/.test(name) ? { latin_whole: name } : { whole: name };
  return {
    person: {
      name: names,
      birth: untrusted.strictDate(payload, "dob"),
      sex: untrusted.text(payload, "s"),
      nationality: untrusted.text(payload, spelling(payload, "ntl", "nt")),
      document: untrusted.text(payload, spelling(payload, "nid", "id")),
      guardian: untrusted.text(payload, "gn"),
    },
    events,
    issuer: untrusted.text(doses[doses.length - 1], "is"),
  };
}

/** @param {Source} entry */
function vaccination(entry) {
  return {
    kind: "vaccination",
    disease: untrusted.code(entry, "tg", SYSTEM),
    product: untrusted.code(entry, "vp", SYSTEM),
    maker: untrusted.code(entry, "ma", SYSTEM),
    dose: dose(entry),
    date: untrusted.partialDate(entry, "dt"),
    batch: untrusted.text(entry, "bo"),
    valid_from: untrusted.partialDate(entry, "vls"),
    valid_until: untrusted.partialDate(entry, "vle"),
    centre: untrusted.text(entry, "cn"),
  };
}

/** @param {Source} source @param {string} one @param {string} other */
function spelling(source, one, other) {
  return untrusted.get(source, one) !== null ? one : other;
}

/** Return the dose number; some issuers write it as text ("1", "1/1"), others as words. @param {Source} entry */
function dose(entry) {
  const value = untrusted.get(entry, "dn");
  if (typeof value !== "string") return untrusted.number(entry, "dn");
  const head = untrusted.trimmed(untrusted.trimmed(value).split("/")[0]);
  return /^[0-9]{1,3}$/.test(head) ? Number(head) : null;
}

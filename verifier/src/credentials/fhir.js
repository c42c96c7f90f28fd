// The FHIR bundle inside a SMART Health Card → facts: one Patient, completed Immunizations, final laboratory Observations.

import { letters } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import * as untrusted from "./untrusted.js";

const MAX_ENTRIES = 500;
const MAX_GIVEN = 200;
const NO_NAME = ["", "", ""];
const FINAL = ["final", "amended", "corrected"];
const SHORT = new Map([
  ["http://www.whocc.no/atc", "atc"],
  ["http://hl7.org/fhir/sid/cvx", "cvx"],
  ["http://hl7.org/fhir/sid/icd-10", "icd-10"],
  ["http://id.who.int/icd/release/11/mms", "icd-11"],
  ["http://loinc.org", "loinc"],
  ["http://snomed.info/sct", "snomed"],
]);
const OWN = "urn:huxin:code:";

/** @typedef {import("./untrusted.js").Source} Source */

/** Read a bundle; refuses with `implausible` where there is not exactly one patient. @param {unknown} bundle */
export function parse(bundle) {
  if (!untrusted.isMap(bundle) || untrusted.get(bundle, "resourceType") !== "Bundle") {
    throw new RefusalError("implausible", "not a FHIR bundle");
  }
  const patients = [];
  const events = [];
  let issuer = null;
  for (const resource of resources(bundle)) {
    if (untrusted.get(resource, "resourceType") === "Patient") {
      patients.push(resource);
      continue;
    }
    const found = event(resource);
    if (found === null) continue;
    events.push(found);
    issuer ||= performer(resource);
  }
  if (patients.length === 0 && events.length > 0 && events.every((one) => one.kind === "test")) {
    // A laboratory's record whose patient stands elsewhere: it proves nothing about anybody.
    return { person: { name: {}, birth: null }, events: [], issuer };
  }
  if (patients.length !== 1) throw new RefusalError("implausible", `${patients.length} patients`);
  return { person: person(patients[0]), events, issuer };
}

/** @param {Source} bundle @returns {Source[]} */
function resources(bundle) {
  const found = untrusted.get(bundle, "entry");
  if (!Array.isArray(found) || found.length > MAX_ENTRIES) throw new RefusalError("implausible", "no list of entries");
  return maps(maps(found).map((one) => untrusted.get(one, "resource")));
}

/** @param {Source} patient */
function person(patient) {
  const names = maps(untrusted.get(patient, "name")).map(name);
  let latin = NO_NAME;
  let native = NO_NAME;
  for (const one of names.reverse()) {
    // Latin letters with marks belong to Latin; other scripts begin at U+0370 (Greek).
    if ([...one.join("")].every((letter) => letter < "\u0370")) latin = one;
    else native = one;
  }
  const parts = {
    family: native[0],
    given: native[1],
    latin_family: latin[0],
    latin_given: latin[1],
    whole: native[2],
    latin_whole: latin[2],
  };
  return { name: parts, birth: untrusted.strictDate(patient, "birthDate"), sex: untrusted.text(patient, "gender") };
}

/** Return family, given and, where neither is there, the whole name. @param {Source} found */
function name(found) {
  const parts = untrusted.get(found, "given");
  const given = Array.isArray(parts) ? parts.filter((one) => typeof one === "string").join(" ") : "";
  const family = untrusted.text(found, "family") ?? "";
  const whole = family || given ? "" : (untrusted.text(found, "text") ?? "");
  const cut = letters(given) > MAX_GIVEN ? [...given].slice(0, MAX_GIVEN).join("") : given;
  return [family, untrusted.trimmed(cut), whole];
}

/** @param {Source} resource */
function event(resource) {
  const kind = untrusted.get(resource, "resourceType");
  const status = untrusted.get(resource, "status");
  if (kind === "Immunization" && status === "completed") {
    return {
      kind: "vaccination",
      disease: disease(resource),
      vaccine: code(untrusted.get(resource, "vaccineCode")),
      // `occurrenceString` may say "childhood", which is no fault and no date.
      date:
        untrusted.partialDate(resource, "occurrenceDateTime") ?? untrusted.partialDate(resource, "occurrenceString"),
      batch: untrusted.text(resource, "lotNumber"),
    };
  }
  if (kind === "Observation" && FINAL.includes(status)) {
    return {
      kind: "test",
      disease: null,
      method: code(untrusted.get(resource, "code")),
      result: code(untrusted.get(resource, "valueCodeableConcept")),
      sampled: sampled(resource),
    };
  }
  return null;
}

/** @param {Source} resource */
function disease(resource) {
  for (const protocol of maps(untrusted.get(resource, "protocolApplied"))) {
    for (const target of maps(untrusted.get(protocol, "targetDisease"))) return code(target);
  }
  return null;
}

/** Return the first coding; one card may carry several codes for the same thing. @param {unknown} concept */
function code(concept) {
  for (const coding of untrusted.isMap(concept) ? maps(untrusted.get(concept, "coding")) : []) {
    const written = untrusted.text(coding, "code");
    if (written === null) continue;
    const system = untrusted.text(coding, "system") ?? "";
    const short = system.startsWith(OWN) ? system.slice(OWN.length) : system;
    return { system: SHORT.get(system) ?? short, code: written };
  }
  return null;
}

/** @param {Source} resource */
function sampled(resource) {
  // FHIR allows a date of any precision; only a full instant can be a sampling time.
  const written = untrusted.text(resource, "effectiveDateTime");
  return letters(written ?? "") > 9 ? untrusted.instant(resource, "effectiveDateTime") : null;
}

/** @param {Source} resource */
function performer(resource) {
  for (const one of maps(untrusted.get(resource, "performer"))) {
    const actor = untrusted.get(one, "actor");
    const display = untrusted.text(untrusted.isMap(actor) ? actor : one, "display");
    if (display) return display;
  }
  return null;
}

/** @param {unknown} value @returns {Source[]} */
function maps(value) {
  return Array.isArray(value) ? value.filter(untrusted.isMap) : [];
}

// Rule documents: what became of JSON → a rule, in our own spelling or in that of the EU's rules.
// Twin of huxin.trust.rules.rule, with the same places and codes of refusal.  Instants are milliseconds since 1970.

import { letters } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { parseLogic } from "./expression.js";
import { MAX_TEXTS, Source, VERSION } from "./rule_source.js";
import { isObject } from "./values.js";

/**
 * @typedef {{
 *   id: string, region: string, version: number[], type: string, purpose: string, kinds: string[], reads: string,
 *   effect: string, validFrom: number, validUntil: number, description: Map<string, string>,
 *   nextStep: Map<string, string>, fields: string[], standing: string | null, published: number | null, ofIssuer: boolean,
 *   fault: RefusalError | null,
 *   basis: Basis | null, outbreak: Outbreak | null, expression: import("./expression.js").Expression, document: any
 * }} Rule
 * @typedef {{ instrument: Map<string, string>, article: string, read: string }} Basis
 * @typedef {{ declared: string, remoteLessons: Map<string, string> }} Outbreak
 */

export const FORMAT = "huxin-rule/1";
export const EFFECTS = ["admits", "informs"];
export const KINDS = ["vaccination", "test", "recovery", "examination", "clearance"];

const MAX_TEXT = 2_000;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
const PURPOSE = /^[a-z0-9-]{1,32}(?:\/[a-z0-9-]{1,32})?$/;

/** Read a rule document; refuses with a code and, in the detail, the place. @param {unknown} document @returns {Rule} */
export function parseRule(document) {
  if (!isObject(document)) throw new RefusalError("rule-shape", "at /: a rule is an object");
  const foreign = Object.hasOwn(document, "Logic") || Object.hasOwn(document, "Identifier");
  return foreign ? ofTheUnion(new Source(document)) : own(new Source(document));
}

/** Write the version as the document does. @param {Rule} rule */
export function versionText(rule) {
  return rule.version.join(".");
}

// Members are read in the order in which they stand here, so that the first that is wrong is the one told of.

/** @param {Source} source @returns {Rule} */
function own(source) {
  if (source.text("format") !== FORMAT) throw source.refusal("format", `not ${FORMAT}`);
  const optional = {
    published: source.perhaps("published", source.instant),
    standing: source.perhaps("standing", (name) => source.choice(name, ["illustrative", "adopted"])),
    effect: source.perhaps("effect", (name) => source.choice(name, EFFECTS)) ?? "admits",
    basis: source.perhaps("basis", (name) => basis(source.inner(name))),
    outbreak: source.perhaps("outbreak", (name) => outbreak(source.inner(name))),
    nextStep: source.perhaps("next_step", source.byLanguage) ?? new Map(),
    fields: source.perhaps("fields", source.texts) ?? [],
  };
  const rule = {
    id: source.text("id", ID),
    region: source.text("region", ID),
    version: source.version("version"),
    type: source.choice("type", ["acceptance", "invalidation"]),
    purpose: source.text("purpose", PURPOSE),
    kinds: source.texts("kinds", KINDS),
    reads: source.choice("reads", ["facts", "dcc"]),
    validFrom: source.instant("valid_from"),
    validUntil: source.instant("valid_until"),
    description: source.byLanguage("description"),
    expression: source.logic("logic"),
    document: source.document,
    ofIssuer: false,
    fault: null,
    ...optional,
  };
  source.nothingElse();
  return lasting(rule, source, "valid_until");
}

/** @param {Source} source @returns {Basis} */
function basis(source) {
  const found = { instrument: source.byLanguage("instrument"), article: source.text("article"), read: source.day("read") };
  source.nothingElse();
  return found;
}

/** @param {Source} source @returns {Outbreak} */
function outbreak(source) {
  const found = { declared: source.day("declared"), remoteLessons: source.byLanguage("remote_lessons") };
  source.nothingElse();
  return found;
}

/** @param {Rule} rule @param {Source} source @param {string} name */
function lasting(rule, source, name) {
  if (rule.validUntil <= rule.validFrom) {
    throw source.refusal(name, "the rule ends before it begins", "rule-dates");
  }
  return rule;
}

// ------------------------------------------------------------------------------- the spelling of the EU

const ENGINE = [1, 3]; // the version of CertLogic that is spoken here
/** @type {Record<string, string[]>} */
const CERTIFICATES = {
  General: ["vaccination", "test", "recovery"],
  Vaccination: ["vaccination"],
  Test: ["test"],
  Recovery: ["recovery"],
};

/** Read a rule as the gateways of the EU publish it; it is asked at an entry, by a region. @param {Source} source @returns {Rule} */
function ofTheUnion(source) {
  if (source.found("Engine") !== null && source.text("Engine") !== "CERTLOGIC") {
    throw source.refusal("Engine", "not CERTLOGIC");
  }
  const described = source.found("Description") ?? [];
  const fields = source.perhaps("AffectedFields", source.texts) ?? [];
  const fault = engineFault(source);
  const id = source.text("Identifier", ID);
  const region = source.text("Country", ID);
  const version = source.version("Version");
  const type = source.choice("Type", ["Acceptance", "Invalidation"]).toLowerCase();
  const rule = {
    id,
    region,
    version,
    type,
    // A country says of the certificates that it issued itself which of them count no longer, wherever they are shown.
    ofIssuer: type === "invalidation",
    purpose: "entry",
    kinds: CERTIFICATES[source.choice("CertificateType", Object.keys(CERTIFICATES))],
    reads: "dcc",
    validFrom: source.instant("ValidFrom"),
    validUntil: source.instant("ValidTo"),
    description: inLanguages(source, described),
    fields,
    expression: foreignLogic(source, fault),
    fault,
    document: source.document,
    effect: "admits",
    nextStep: new Map(),
    standing: null,
    published: null,
    basis: null,
    outbreak: null,
  };
  return lasting(rule, source, "ValidTo");
}

/** Return what is against a rule written for an engine that may have other operations, or other ideas of these. @param {Source} source */
function engineFault(source) {
  const given = source.found("EngineVersion");
  if (given === null) return null;
  const found = typeof given === "string" ? VERSION.exec(given) : null;
  const [major, minor] = found === null ? [Infinity, 0] : [Number(found[1]), Number(found[2])];
  if (major < ENGINE[0] || (major === ENGINE[0] && minor <= ENGINE[1])) return null;
  return source.refusal("EngineVersion", "not a version of CertLogic up to 1.3");
}

/** @param {Source} source @param {RefusalError | null} fault */
function foreignLogic(source, fault) {
  const given = source.any("Logic");
  // A text or a number is true, so that a rule which is one would be met always: it was quoted by mistake.
  if (!isObject(given) && typeof given !== "boolean") throw source.refusal("Logic", "not an object");
  return fault === null ? source.logic("Logic") : parseLogic([]);
}

/** @param {Source} source @param {unknown} rows @returns {Map<string, string>} */
function inLanguages(source, rows) {
  if (!Array.isArray(rows) || rows.length > MAX_TEXTS) throw source.refusal("Description", "not a list");
  const found = new Map();
  for (const row of rows) {
    const [language, text] = isObject(row) ? [member(row, "lang"), member(row, "desc")] : [null, null];
    if (typeof language !== "string" || typeof text !== "string" || letters(text) > MAX_TEXT) {
      throw source.refusal("Description", "not a text with its language");
    }
    found.set(language, text);
  }
  return found;
}

/** @param {Record<string, any>} row @param {string} name */
function member(row, name) {
  return Object.hasOwn(row, name) ? row[name] : null;
}

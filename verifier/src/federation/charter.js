// The federation's own three documents: its charter, its members, and what is suspended in an emergency.

import { hex, utf8Bytes } from "../kernel/bytes.js";
import { rfc3339 } from "../kernel/instants.js";
import { sha256Now } from "../kernel/sha256.js";
import { document, refuse } from "./fields.js";
import { MOST_REGIONS } from "./layout.js";

export const ENVIRONMENTS = ["production", "test"];
const STANDINGS = ["probation", "active", "verify-only"];
const MOST_BYTES = 500_000;
const MOST_SUSPENSIONS = 1_000;
const MOST_DAYS = 36_500;
/** A suspension that no majority confirmed lapses after this. */
export const LAPSE = 14 * 86_400 * 1e6;

/**
 * @typedef {import("../kernel/instants.js").Instant} Instant
 * @typedef {Record<string, string>} Words
 * @typedef {{ credentials: number, issuingDays: number, verifyingDays: number }} Caps
 * @typedef {{ name: Words, environment: string, text: Words, caps: Caps, noticeHours: number,
 *   dissent: { region: string, text: Words }[], confirmed: string[] }} Charter
 * @typedef {{ region: string, name: Words, environment: string, standing: string, since: Instant, successor: string | null }} Member
 * @typedef {{ name: string, region: string, key: string | null, since: Instant, reason: Words, mark: string }} Suspension
 * @typedef {import("./fields.js").Fields} Fields
 */

/** Read a charter; refuses with `trust-file` or `too-big`. @param {Uint8Array} data @returns {Charter} */
export function parseCharter(data) {
  const fields = document(data, "charter", MOST_BYTES);
  fields.only("huxin", "v", "name", "environment", "text", "caps", "notice_hours", "dissent", "confirmed");
  const dissent = fields.objects("dissent", MOST_REGIONS).map((one) => {
    one.only("region", "text");
    return { region: one.region("region"), text: one.words("text") };
  });
  once(dissent.map((one) => one.region), "/dissent", "a region twice");
  return {
    name: fields.words("name"), environment: fields.choice("environment", ENVIRONMENTS), text: fields.words("text"),
    caps: caps(fields.object("caps")), noticeHours: fields.number("notice_hours", 0, 24 * 365), dissent,
    confirmed: fields.digests("confirmed", MOST_SUSPENSIONS),
  }; // prettier-ignore
}

/** @param {Fields} fields @returns {Caps} */
function caps(fields) {
  fields.only("credentials", "issuing_days", "verifying_days");
  return {
    credentials: fields.number("credentials", 1), issuingDays: fields.number("issuing_days", 1, MOST_DAYS),
    verifyingDays: fields.number("verifying_days", 1, MOST_DAYS),
  }; // prettier-ignore
}

/** Read the members, each region once; refuses with `trust-file` or `too-big`. @param {Uint8Array} data @returns {Member[]} */
export function parseMembers(data) {
  const fields = document(data, "members", MOST_BYTES);
  fields.only("huxin", "v", "members");
  const members = fields.objects("members", MOST_REGIONS).map(member);
  once(members.map((one) => one.region), "/members", "a region twice");
  return members;
}

/** @param {Fields} fields @returns {Member} */
function member(fields) {
  fields.only("region", "name", "environment", "standing", "since", "successor");
  return {
    region: fields.region("region"), name: fields.words("name"), environment: fields.choice("environment", ENVIRONMENTS),
    standing: fields.choice("standing", STANDINGS), since: fields.instant("since"),
    successor: fields.has("successor") ? fields.region("successor") : null,
  }; // prettier-ignore
}

/** Read what is suspended, each name once; refuses with `trust-file` or `too-big`. @param {Uint8Array} data @returns {Suspension[]} */
export function parseSuspensions(data) {
  const fields = document(data, "suspensions", MOST_BYTES);
  fields.only("huxin", "v", "suspensions");
  const found = fields.objects("suspensions", MOST_SUSPENSIONS).map(suspension);
  once(found.map((one) => one.name), "/suspensions", "a name twice");
  return found;
}

/** @param {Fields} fields @returns {Suspension} */
function suspension(fields) {
  fields.only("name", "region", "key", "since", "reason");
  const said = {
    name: fields.text("name"), region: fields.region("region"), key: fields.has("key") ? fields.digest("key") : null,
    since: fields.instant("since"), reason: fields.words("reason"),
  }; // prettier-ignore
  // A majority confirms whom it is about and since when: under a name, the few could suspend somebody else for good.
  const text = `${said.region}:${said.key ?? ""}:${rfc3339(said.since)}`;
  return { ...said, mark: hex(sha256Now(utf8Bytes(text))) };
}

/** Return when a suspension ends by itself, in microseconds. @param {Suspension} one */
export function lapses(one) {
  return one.since.micros + LAPSE;
}

/**
 * Tell whether one goes on with another of the same region or key, or begins within 14 days of its end.
 * @param {Suspension} one @param {Suspension} other
 */
export function prolongs(one, other) {
  const alike = one.region === other.region && one.key === other.key;
  return alike && other.since.micros < one.since.micros && one.since.micros < lapses(other) + LAPSE;
}

/** @param {string[]} names @param {string} place @param {string} what */
function once(names, place, what) {
  if (new Set(names).size < names.length) throw refuse(place, what);
}

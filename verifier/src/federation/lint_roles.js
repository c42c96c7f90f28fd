// What keys, thresholds and delegations must be so that no region, and no key twice, can speak for several.
//
// TUF counts key ids: one officer's key under two ids meets "2 of 2".  Here material is counted, and regions.

import { hex, hexBytes, utf8Bytes } from "../kernel/bytes.js";
import { isCanonicalKey } from "../kernel/edwards.js";
import { sha256Now } from "../kernel/sha256.js";
import { EMERGENCY, SUSPENSIONS, WITNESSES, isRegion, lifetime, mayCarry, regionOf, regionRole } from "./layout.js";
import { MOST_COUNCIL, MOST_ROOT_COUNCIL, MOST_ROOT_KEYS, emergencyQuorum, majority, witnessQuorum } from "./quorum.js";
import { fault } from "./reasons.js";

/** So much may two clocks differ, in microseconds. */
export const SLACK = 5 * 60 * 1e6;
const LEAST_OFFICERS = 3;
const PUBLIC = /^[0-9a-f]{64}$/;

/**
 * @typedef {import("./authority.js").Mandate} Mandate
 * @typedef {import("./authority.js").RoleKey} RoleKey
 * @typedef {import("./metadata.js").RoleFile} RoleFile
 * @typedef {import("./charter.js").Member} Member
 * @typedef {import("./reasons.js").Fault} Fault
 * @typedef {import("../kernel/instants.js").Instant} Instant
 */

/**
 * Return what is wrong with keys, one by one and side by side; `lists` are the key lists of root and charter.
 * @param {Mandate[]} mandates @param {Map<string, any>[]} lists @returns {Fault[]}
 */
export function keyFaults(mandates, lists) {
  const used = new Set(mandates.flatMap((one) => one.keys.map((key) => key.keyid)));
  const unused = lists.flatMap((listed) => [...listed.keys()].filter((keyid) => !used.has(keyid)));
  const found = unused.map((keyid) => fault("trust-keys", `a key that no role uses: ${keyid.slice(0, 16)}`));
  for (const one of mandates) {
    for (const keyid of one.missing) found.push(fault("trust-keys", `${one.role}: no key for the id ${keyid.slice(0, 16)}`));
    for (const key of one.keys) {
      const what = keyFault(one.role, key);
      if (what !== null) found.push(fault("trust-keys", `${one.role}: ${what}: ${key.keyid.slice(0, 16)}`));
    }
    if (regionOf(one.role) === null && new Set(one.regions).size < one.regions.length) {
      found.push(fault("trust-keys", `${one.role}: two keys of one region`));
    }
  }
  return [...found, ...shared(mandates)];
}

/** Return what is wrong with one key: its kind, its spelling, its id, or whose it is. @param {string} role @param {RoleKey} key */
function keyFault(role, key) {
  const { found, public: digits } = key;
  if (found.get("keytype") !== "ed25519" || found.get("scheme") !== "ed25519") return "a key that is not Ed25519";
  if (!PUBLIC.test(digits) || found.get("keyval").size > 1) return "not 64 hexadecimal digits, and nothing else";
  if (!isCanonicalKey(hexBytes(digits) ?? new Uint8Array())) return "no point of the curve, or not in its one spelling";
  if (key.keyid !== keyidOf(digits)) return "an id that is not the digest of its key";
  const owner = regionOf(role);
  if (owner !== null) return key.region === null || key.region === owner ? null : "a key of another region";
  return isRegion(key.region) ? null : "a key that does not say whose it is";
}

/** Return the id of a key: SHA-256 of its canonical JSON. @param {string} digits */
function keyidOf(digits) {
  return hex(sha256Now(utf8Bytes(`{"keytype":"ed25519","keyval":{"public":"${digits}"},"scheme":"ed25519"}`)));
}

/** Return material that stands twice, in one role or in two; a witness's two roles are one office. @param {Mandate[]} mandates */
function shared(mandates) {
  /** @type {Map<string, string[]>} */
  const places = new Map();
  for (const one of mandates) {
    for (const key of one.keys) {
      const material = key.public.toLowerCase();
      places.set(material, [...(places.get(material) ?? []), one.role]);
    }
  }
  const twice = [...places.values()].filter((roles) => roles.length > 1 && [...roles].sort().join() !== WITNESSES.join());
  return twice.map((roles) => fault("trust-keys", `one key in ${roles.join(" and ")}`));
}

/** Return roles whose keys or thresholds are not those of the members. @param {Mandate[]} mandates @param {Member[]} members */
export function quorumFaults(mandates, members) {
  const voters = new Set(members.filter((one) => one.standing === "active").map((one) => one.region));
  const found = voters.size === 0 ? [fault("trust-quorum", "no active member")] : [];
  for (const one of mandates) {
    if (regionOf(one.role) === null && one.regions.some((region) => !voters.has(region))) {
      found.push(fault("trust-quorum", `${one.role}: keys of no active member`));
    }
    found.push(...thresholdFaults(one, voters.size));
  }
  for (const role of ["root", "targets"]) found.push(...voterFaults(byRole(mandates, role), voters));
  const councils = WITNESSES.map((role) => new Set(byRole(mandates, role).regions));
  if (councils[0].size !== councils[1].size || [...councils[0]].some((one) => !councils[1].has(one))) {
    found.push(fault("trust-quorum", "snapshot and timestamp: two councils"));
  }
  return found;
}

/** Return what a role of the root may do. @param {Mandate[]} mandates @param {string} role */
function byRole(mandates, role) {
  return mandates.filter((one) => one.role === role)[0];
}

/** @param {Mandate} mandate @param {number} voters */
function thresholdFaults({ role, keys, threshold }, voters) {
  const told = `${role}: ${threshold} of ${keys.length} keys`;
  const found = [];
  if (regionOf(role) !== null) {
    const wrong = keys.length < LEAST_OFFICERS || threshold < 2 || threshold > keys.length;
    return wrong ? [fault("trust-quorum", told)] : [];
  }
  const needed = WITNESSES.includes(role)
    ? witnessQuorum(keys.length)
    : role === EMERGENCY
      ? emergencyQuorum(voters)
      : majority(keys.length);
  if (threshold !== needed || keys.length < needed) found.push(fault("trust-quorum", `${told}, not ${needed}`));
  if (WITNESSES.includes(role) && keys.length > MOST_COUNCIL) found.push(fault("trust-quorum", `${told}: too large a council`));
  return found;
}

/**
 * Return where a role that all members sign lacks one; many members elect a council for the root.
 * @param {Mandate} mandate @param {Set<string>} voters
 */
function voterFaults(mandate, voters) {
  const regions = new Set(mandate.regions);
  if (mandate.role === "root" && voters.size > MOST_ROOT_KEYS) {
    return regions.size > MOST_ROOT_COUNCIL ? [fault("trust-quorum", `root: a council of ${regions.size}`)] : [];
  }
  const lacking = [...voters].filter((one) => !regions.has(one));
  return lacking.length ? [fault("trust-quorum", `${mandate.role}: no key of ${lacking.sort().join(", ")}`)] : [];
}

/**
 * Return delegations that are not exactly those of the members; `mandates` are those of the charter's role.
 * @param {Map<string, RoleFile>} roles @param {Mandate[]} mandates @param {Member[]} members
 */
export function delegationFaults(roles, mandates, members) {
  const [root, targets] = [roles.get("root")?.signed, roles.get("targets")?.signed];
  const found = root?.get("consistent_snapshot") === true ? [] : [fault("trust-delegation", "root: no consistent snapshots")];
  const wanted = new Set([EMERGENCY, ...members.map((one) => regionRole(one.region))]);
  const names = mandates.map((one) => one.role);
  if (names[0] !== EMERGENCY) found.push(fault("trust-delegation", "targets: the first role is not the emergency role"));
  if (names.some((name) => !wanted.has(name)) || [...wanted].some((name) => !names.includes(name))) {
    found.push(fault("trust-delegation", "targets: other roles than those of the members"));
  }
  if (new Set(names).size < names.length) found.push(fault("trust-delegation", "targets: a role twice"));
  if (targets?.get("delegations")?.has("succinct_roles")) found.push(fault("trust-delegation", "targets: succinct roles"));
  found.push(...mandates.flatMap(termFaults));
  for (const [name, role] of roles) {
    if (names.includes(name) && role.signed.has("delegations")) found.push(fault("trust-delegation", `${name}: delegates on`));
  }
  return found;
}

/** @param {Mandate} mandate */
function termFaults({ role, terms }) {
  const found = [];
  if (terms.get("terminating") !== true) found.push(fault("trust-delegation", `${role.slice(0, 40)}: not terminating`));
  const path = role === EMERGENCY ? SUSPENSIONS : `${regionOf(role)}/*`;
  const paths = terms.get("paths");
  if (!Array.isArray(paths) || paths.length !== 1 || paths[0] !== path || terms.has("path_hash_prefixes")) {
    found.push(fault("trust-delegation", `${role.slice(0, 40)}: not the paths ${path}`));
  }
  return found;
}

/** Return files that a role lists and may not carry. @param {Iterable<RoleFile>} roles */
export function namespaceFaults(roles) {
  const found = [];
  for (const one of roles) {
    for (const path of one.signed.get("targets")?.keys() ?? []) {
      if (!mayCarry(one.role, path)) found.push(fault("trust-namespace", `${one.role}: ${path.slice(0, 80)}`));
    }
  }
  return found;
}

/**
 * Return roles that would last longer than theirs may, were they signed at this moment.
 * @param {Iterable<RoleFile>} roles @param {Instant} now
 */
export function lifetimeFaults(roles, now) {
  const late = [...roles].filter((one) => one.expires.micros > now.micros + lifetime(one.role) + SLACK);
  return late.map((one) => fault("trust-lifetime", one.role));
}

// What must hold between the documents: environments, tombstones, caps, and keys that are one region's alone.

import { hex } from "../kernel/bytes.js";
import { prolongs } from "./charter.js";
import { SLACK } from "./lint_roles.js";
import { fault } from "./reasons.js";

/** How many keys one region may list under one kid of a domain: enough for two renewals that share one. */
export const MOST_UNDER_ONE_KID = 4;
const DAY = 86_400 * 1e6;

/**
 * @typedef {import("./repository.js").TrustList} TrustList
 * @typedef {import("./region_keys.js").SigningKey} SigningKey
 * @typedef {import("./reasons.js").Fault} Fault
 */

/**
 * Return members and files of keys with another label than the charter's; a region on probation rehearses with test
 * keys.
 * @param {TrustList} found
 */
export function environmentFaults(found) {
  const faults = [];
  for (const member of found.members) {
    if (member.standing !== "probation" && member.environment !== found.charter.environment) {
      faults.push(fault("trust-environment", `${member.region} is for ${member.environment}`));
    }
    const keys = found.keys.get(member.region);
    if (keys && keys.environment !== member.environment) {
      faults.push(fault("trust-environment", `${member.region}: keys for ${keys.environment}`));
    }
  }
  return faults;
}

/**
 * Return tombstones that were taken away, and buried keys that stand in the list again; of those that `ended` there is
 * no file to look into.
 * @param {TrustList} found @param {TrustList | null} held @param {Set<string>} ended
 */
export function tombstoneFaults(found, held, ended) {
  const faults = [];
  for (const { region } of held !== null ? found.members : []) {
    const [before, after] = [held?.keys.get(region)?.graves ?? [], found.keys.get(region)?.graves];
    if (!ended.has(region) && [...before].some((grave) => !after?.has(grave))) {
      faults.push(fault("trust-tombstone", `${region}: one taken away`));
    }
  }
  for (const [region, one] of signing(found)) {
    if (found.tombstones.has(one.grave)) {
      faults.push(fault("trust-tombstone", `${region}: ${one.material.slice(0, 16)} is buried`));
    }
  }
  return faults;
}

/** Return keys that may do more than the charter lets one key do. @param {TrustList} found */
export function capFaults(found) {
  const beyond = signing(found).filter(([, one]) => isBeyond(one, found.charter.caps));
  return beyond.map(([region, one]) => fault("trust-caps", `${region}: ${one.material.slice(0, 16)}`));
}

/** @param {SigningKey} one @param {import("./charter.js").Caps} caps */
function isBeyond(one, caps) {
  const issues = one.issueUntil.micros - one.since.micros;
  const verifies = one.until.micros - one.since.micros;
  return one.cap > caps.credentials || issues > caps.issuingDays * DAY || verifies > caps.verifyingDays * DAY;
}

/**
 * Return signing keys that two regions claim, or that sign for the federation as well.
 * @param {TrustList} found @param {import("./authority.js").Mandate[]} mandates
 */
export function ownerFaults(found, mandates) {
  const signs = new Set(mandates.flatMap((one) => one.keys.map((key) => key.public)));
  const owners = new Map();
  const faults = [];
  for (const [region, one] of signing(found)) {
    const owner = owners.get(one.material) ?? region;
    owners.set(one.material, owner);
    if (owner !== region) faults.push(fault("trust-keys", `one key of ${owner} and ${region}`));
    if (signs.has(hex(one.compact))) faults.push(fault("trust-keys", `${region}: a key that signs cards and lists`));
  }
  return faults;
}

/** Return regions with too many keys under one kid: a card that names it is tried with every one of them. @param {TrustList} found */
export function kidFaults(found) {
  const faults = [];
  for (const [region, { keys }] of found.keys) {
    const under = new Map();
    for (const one of keys) {
      const place = `${one.domain} ${hex(one.kid)}`;
      under.set(place, (under.get(place) ?? 0) + 1);
    }
    const most = Math.max(0, ...under.values());
    if (most > MOST_UNDER_ONE_KID) faults.push(fault("trust-keys", `${region}: ${most} keys under one kid`));
  }
  return faults;
}

/**
 * Return suspensions that begin later, that a few prolong, and those that a majority confirmed and a few took away.
 * @param {TrustList} found @param {TrustList | null} held @param {import("../kernel/instants.js").Instant} now
 * @returns {Fault[]}
 */
export function suspensionFaults(found, held, now) {
  const { confirmed } = found.charter;
  const earlier = held?.suspensions ?? [];
  const longer = found.suspensions.filter((one) => !confirmed.includes(one.mark) && earlier.some((other) => prolongs(one, other)));
  const lost = confirmed.filter((mark) => found.suspensions.every((one) => one.mark !== mark));
  const later = found.suspensions.filter((one) => one.since.micros > now.micros + SLACK);
  return [
    ...longer.map((one) => fault("trust-suspension", `${one.region}: a few prolong a suspension`)),
    ...lost.map((mark) => fault("trust-suspension", `${mark.slice(0, 16)} is confirmed and not listed`)),
    ...later.map((one) => fault("trust-lifetime", `suspension ${one.name.slice(0, 40)}: begins later`)),
  ];
}

/** @param {TrustList} found @returns {[string, SigningKey][]} */
function signing(found) {
  return [...found.keys].flatMap(([region, { keys }]) => keys.map((one) => /** @type {[string, SigningKey]} */ ([region, one])));
}

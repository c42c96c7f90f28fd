// Strict lint: what a federation's list must be beyond what TUF checks.
//
// The rules stand in `lint_roles` (keys, quorums, delegations, single files) and `lint_documents` (what must hold
// between the documents); spec/federation.md, section 5, has them in words.

import { RefusalError } from "../kernel/errors.js";
import { delegated, mandates } from "./authority.js";
import { EMERGENCY, TOP_ROLES, keysPath, regionRole } from "./layout.js";
import { capFaults, environmentFaults, kidFaults, ownerFaults, suspensionFaults, tombstoneFaults } from "./lint_documents.js";
import { delegationFaults, keyFaults, lifetimeFaults, namespaceFaults, quorumFaults } from "./lint_roles.js";
import { OF_LINT, fault } from "./reasons.js";
import { readList, roleOf } from "./repository.js";

/**
 * @typedef {import("./repository.js").Repository} Repository
 * @typedef {import("./repository.js").TrustList} TrustList
 * @typedef {import("./reasons.js").Fault} Fault
 * @typedef {import("../kernel/instants.js").Instant} Instant
 */

/**
 * Return the list; refuses with the gravest of what is wrong.  `held` is the list believed so far.
 * @param {Repository} repository @param {{ held: TrustList | null, now: Instant }} at
 */
export async function lint(repository, { held, now }) {
  const missing = [...TOP_ROLES, EMERGENCY].find((name) => !repository.roles.has(name));
  if (missing !== undefined) throw new RefusalError("trust-file", `at /${missing}: missing`);
  const found = ofRoles(repository, now);
  let list = null;
  try {
    list = await readList(repository, held?.tombstones ?? new Set());
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    found.push(error);
  }
  if (list !== null) found.push(...ofList(repository, list, held, now));
  found.sort((one, other) => OF_LINT.indexOf(one.code) - OF_LINT.indexOf(other.code));
  if (found.length || list === null) throw new RefusalError(found[0].code, found[0].detail);
  return list;
}

/** Return what can be said without knowing the members. @param {Repository} repository @param {Instant} now @returns {Fault[]} */
function ofRoles(repository, now) {
  const [root, targets] = [roleOf(repository, "root"), roleOf(repository, "targets")];
  const lists = [root.signed.get("keys"), targets.signed.get("delegations")?.get("keys") ?? new Map()];
  const known = [...TOP_ROLES, ...delegated(targets).map((one) => one.role)];
  const strangers = [...repository.roles.keys()].filter((name) => !known.includes(name));
  return [
    ...keyFaults(mandates(root, targets), lists),
    ...namespaceFaults(repository.roles.values()),
    ...lifetimeFaults(repository.roles.values(), now),
    ...strangers.map((name) => fault("trust-delegation", `${name.slice(0, 40)}: nobody delegates to it`)),
  ];
}

/**
 * Return what must hold between roles, members and documents.
 * @param {Repository} repository @param {TrustList} found @param {TrustList | null} held @param {Instant} now
 * @returns {Fault[]}
 */
function ofList(repository, found, held, now) {
  const [root, targets] = [roleOf(repository, "root"), roleOf(repository, "targets")];
  const all = mandates(root, targets);
  const regions = found.members.map((one) => one.region);
  const ended = new Set(regions.filter((region) => !repository.roles.has(regionRole(region))));
  return [
    ...quorumFaults(all, found.members),
    ...delegationFaults(repository.roles, delegated(targets), found.members),
    ...absent(repository, found),
    ...ownerFaults(found, all),
    ...kidFaults(found),
    ...tombstoneFaults(found, held, ended),
    ...environmentFaults(found),
    ...capFaults(found),
    ...suspensionFaults(found, held, now),
  ];
}

/**
 * Return keys that a region's role lists and nobody brought: they would be missed without a word.
 * @param {Repository} repository @param {TrustList} found
 */
function absent(repository, found) {
  const paths = found.members.filter(({ region }) => {
    const listed = repository.roles.get(regionRole(region))?.signed.get("targets");
    return listed?.has(keysPath(region)) && !found.keys.has(region);
  });
  return paths.map(({ region }) => fault("trust-missing", keysPath(region)));
}

// What a client holds of the federation after its signatures were verified, and the list that is read from it.

import { RefusalError } from "../kernel/errors.js";
import { Instant } from "../kernel/instants.js";
import { parseCharter, parseMembers, parseSuspensions } from "./charter.js";
import { refuse } from "./fields.js";
import { CHARTER, LIFETIMES, MEMBERS, SUSPENSIONS, keysPath } from "./layout.js";
import { parseRegionKeys } from "./region_keys.js";

/**
 * The roles' metadata by name, and the files that they carry by path.
 * @typedef {{ roles: Map<string, import("./metadata.js").RoleFile>, targets: Map<string, Uint8Array> }} Repository
 *
 * What the federation says; `tombstones` grows only: every grave that was ever seen.
 * @typedef {{ charter: import("./charter.js").Charter, members: import("./charter.js").Member[],
 *   suspensions: import("./charter.js").Suspension[], keys: Map<string, import("./region_keys.js").RegionKeys>,
 *   tombstones: Set<string>, signedAt: Instant }} TrustList
 */

/** Return metadata of a role that is there. @param {Repository} repository @param {string} role */
export function roleOf(repository, role) {
  const found = repository.roles.get(role);
  if (!found) throw refuse(`/${role}`, "missing");
  return found;
}

/**
 * Read the list; `buried` are the graves held so far.  Refuses with `trust-file` or `too-big`.
 * @param {Repository} repository @param {Set<string>} buried @returns {Promise<TrustList>}
 */
export async function readList(repository, buried) {
  const timestamp = roleOf(repository, "timestamp");
  const members = parseMembers(document(repository, MEMBERS));
  const keys = new Map();
  for (const { region } of members) {
    const data = repository.targets.get(keysPath(region));
    if (data) keys.set(region, await regionKeys(data, region));
  }
  const charter = parseCharter(document(repository, CHARTER));
  const suspensions = parseSuspensions(document(repository, SUSPENSIONS));
  const tombstones = new Set(buried);
  for (const found of keys.values()) for (const grave of found.graves) tombstones.add(grave);
  const signedAt = new Instant(timestamp.expires.micros - LIFETIMES.timestamp);
  return { charter, members, suspensions, keys, tombstones, signedAt };
}

/** @param {Repository} repository @param {string} path */
function document(repository, path) {
  const data = repository.targets.get(path);
  if (!data) throw refuse(`/${path}`, "missing");
  return data;
}

/** @param {Uint8Array} data @param {string} region */
async function regionKeys(data, region) {
  let found;
  try {
    found = await parseRegionKeys(data);
  } catch (error) {
    if (!(error instanceof RefusalError) || error.code === "too-big") throw error;
    throw refuse(`/${keysPath(region)}`, error.detail);
  }
  if (found.region !== region) throw refuse(`/${keysPath(region)}`, `keys of ${found.region}`);
  return found;
}

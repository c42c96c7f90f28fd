// What TUF's own client refuses to read in metadata that is of the right shape, and what of it was signed.
//
// Where a field may be absent and stands there as null, its signers wrote the form without it.

import { canonicalJson } from "../kernel/canonical.js";
import { RefusalError } from "../kernel/errors.js";
import { TOP_ROLES } from "./layout.js";

/** Keys that a client of TUF can read; `lint` lets only the Ed25519 ones stand. */
const KEY_KINDS = new Set([
  "ed25519 ed25519", "ecdsa ecdsa-sha2-nistp256", "ecdsa ecdsa-sha2-nistp384", "ecdsa ecdsa-sha2-nistp521",
  "ecdsa-sha2-nistp256 ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384 ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521 ecdsa-sha2-nistp521", "ml-dsa ml-dsa-44/1", "ml-dsa ml-dsa-65/1", "ml-dsa ml-dsa-87/1",
  "rsa rsassa-pss-sha256", "rsa rsassa-pss-sha384", "rsa rsassa-pss-sha512", "rsa rsa-pkcs1v15-sha256",
  "rsa rsa-pkcs1v15-sha384", "rsa rsa-pkcs1v15-sha512", "rsa pgp+rsa-pkcsv1.5", "dsa pgp+dsa-fips-180-2",
  "eddsa pgp+eddsa-ed25519",
]); // prettier-ignore

/** @typedef {Map<string, any>} Signed */

/** Refuse with `trust-file` what a client of TUF does not read. @param {Signed} signed */
export function checkReadable(signed) {
  checkKeys(signed.get("_type") === "root" ? signed.get("keys") : new Map());
  const delegations = signed.get("_type") === "targets" ? signed.get("delegations") : undefined;
  if (delegations === undefined) return;
  checkKeys(delegations.get("keys"));
  const names = new Set();
  for (const role of delegations.get("roles")) {
    const name = role.get("name");
    if (names.has(name) || name === "" || TOP_ROLES.includes(name)) throw unreadable("a name of a role");
    names.add(name);
    checkPaths(role);
  }
  if ((delegations.get("succinct_roles") ?? null) !== null) throw unreadable("two kinds of delegations");
}

/** @param {Map<string, Map<string, any>>} keys */
function checkKeys(keys) {
  for (const key of keys.values()) {
    if (!KEY_KINDS.has(`${key.get("keytype")} ${key.get("scheme")}`)) throw unreadable("a key of no kind");
  }
}

/** @param {Map<string, any>} role */
function checkPaths(role) {
  const given = [role.get("paths") ?? null, role.get("path_hash_prefixes") ?? null].filter((one) => one !== null);
  if (!role.has("terminating") || given.length !== 1) throw unreadable("a delegation of no paths, or of two kinds");
  const [paths] = given;
  const texts = typeof paths === "string" || paths instanceof Map;
  if (!texts && !(Array.isArray(paths) && paths.every((one) => typeof one === "string"))) throw unreadable("paths");
}

/** @param {string} what */
function unreadable(what) {
  return new RefusalError("trust-file", `not metadata of TUF: ${what}`);
}

/** Return what a list of patterns holds; in what is none, each letter or name is one. @param {unknown} found @returns {string[]} */
export function patterns(found) {
  if (found instanceof Map) return [...found.keys()];
  return typeof found === "string" ? [...found] : /** @type {string[]} */ (found);
}

/** Return the bytes that the signers of a part signed. @param {Signed} signed */
export function signedBytes(signed) {
  if (signed.get("_type") === "root") return canonicalJson(without(signed, "consistent_snapshot"));
  const delegations = signed.get("_type") === "targets" ? signed.get("delegations") : undefined;
  if (delegations === undefined) return canonicalJson(signed);
  const roles = delegations.get("roles").map((/** @type {Signed} */ one) => without(one, "paths", "path_hash_prefixes"));
  const changed = without(delegations, "succinct_roles").set("roles", roles);
  return canonicalJson(new Map(signed).set("delegations", changed));
}

/** Return an object without those of some fields that are null. @param {Signed} found @param {...string} names */
function without(found, ...names) {
  const changed = new Map(found);
  for (const name of names) if (changed.get(name) === null) changed.delete(name);
  return changed;
}

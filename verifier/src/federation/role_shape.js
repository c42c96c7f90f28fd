// The shape of each kind of TUF metadata: which fields there must be, and of what kind.
//
// Fields that the specification does not know are let stand, as it asks of clients.

import { REGION_FIELD, TOP_ROLES } from "./layout.js";

/** Tell whether it is a whole number from 1. @param {unknown} found @returns {found is number | bigint} */
export function isCount(found) {
  return (typeof found === "number" || typeof found === "bigint") && found >= 1;
}

/** Tell whether a signed part is as TUF 1.0 has it, for its `_type`. @param {string} kind @param {Map<string, any>} signed */
export function isShaped(kind, signed) {
  if (kind !== "targets" && (signed.has("targets") || signed.has("delegations"))) return false;
  if (kind === "root") return isRoot(signed);
  if (kind === "targets") return isTargets(signed);
  const meta = signed.get("meta");
  if (!isObject(meta) || ![...meta.values()].every(isMeta)) return false;
  return kind !== "timestamp" || (meta.size === 1 && meta.has("snapshot.json"));
}

/** @param {unknown} found @returns {found is Map<string, any>} */
function isObject(found) {
  return found instanceof Map;
}

/** @param {Map<string, any>} signed */
function isRoot(signed) {
  const roles = signed.get("roles");
  if (!areKeys(signed.get("keys")) || !isObject(roles)) return false;
  return roles.size === TOP_ROLES.length && TOP_ROLES.every((name) => isRole(roles.get(name)));
}

/** @param {unknown} found */
function areKeys(found) {
  return isObject(found) && [...found.values()].every(isKey);
}

/** @param {unknown} key */
function isKey(key) {
  if (!isObject(key) || (key.has(REGION_FIELD) && typeof key.get(REGION_FIELD) !== "string")) return false;
  const texts = ["keytype", "scheme"].every((name) => typeof key.get(name) === "string");
  const value = key.get("keyval");
  return texts && isObject(value) && typeof value.get("public") === "string";
}

/** @param {unknown} role */
function isRole(role) {
  return isObject(role) && isCount(role.get("threshold")) && areTexts(role.get("keyids"));
}

/** Tell whether it is a list of texts, none twice. @param {unknown} found */
function areTexts(found) {
  return Array.isArray(found) && found.every((one) => typeof one === "string") && new Set(found).size === found.length;
}

/** @param {Map<string, any>} signed */
function isTargets(signed) {
  const files = signed.get("targets");
  if (!isObject(files) || ![...files.values()].every(isFile)) return false;
  return !signed.has("delegations") || areDelegations(signed.get("delegations"));
}

/** @param {unknown} found */
function isFile(found) {
  return isObject(found) && isLength(found.get("length")) && areHashes(found.get("hashes"));
}

/** @param {unknown} found */
function isLength(found) {
  return (typeof found === "number" || typeof found === "bigint") && found >= 0;
}

/** SHA-256 and no other: one that a signer was not shown would be refused at every door. @param {unknown} found */
function areHashes(found) {
  return isObject(found) && found.size === 1 && typeof found.get("sha256") === "string";
}

/** @param {unknown} found */
function areDelegations(found) {
  if (!isObject(found) || !Array.isArray(found.get("roles")) || !areKeys(found.get("keys"))) return false;
  return found.get("roles").every((/** @type {any} */ role) => isRole(role) && typeof role.get("name") === "string");
}

/** @param {unknown} found */
function isMeta(found) {
  if (!isObject(found) || !isCount(found.get("version"))) return false;
  const sized = !found.has("length") || isLength(found.get("length"));
  return sized && (!found.has("hashes") || areHashes(found.get("hashes")));
}

// Who may sign what: keys and thresholds as root and charter give them, one table for all roles.

import { hexBytes } from "../kernel/bytes.js";
import { REGION_FIELD, TOP_ROLES, regionRole } from "./layout.js";

/**
 * @typedef {{ keyid: string, found: Map<string, any>, region: string | null, public: string }} RoleKey
 * @typedef {{ role: string, keys: RoleKey[], threshold: number, missing: string[], terms: Map<string, any>, regions: string[] }} Mandate
 * @typedef {import("./metadata.js").RoleFile} RoleFile
 */

/** Return what the root lets the four top roles do, in their order. @param {RoleFile} root */
export function fromRoot(root) {
  const [keys, roles] = [root.signed.get("keys"), root.signed.get("roles")];
  return TOP_ROLES.map((name) => mandate(name, roles.get(name), keys));
}

/** Return what the charter's role lets other roles do, in its order. @param {RoleFile} targets @returns {Mandate[]} */
export function delegated(targets) {
  const found = targets.signed.get("delegations") ?? new Map();
  const keys = found.get("keys") ?? new Map();
  return (found.get("roles") ?? []).map((/** @type {any} */ role) => mandate(role.get("name"), role, keys));
}

/** Return what all roles may do, those of the root first. @param {RoleFile} root @param {RoleFile} targets */
export function mandates(root, targets) {
  return [...fromRoot(root), ...delegated(targets)];
}

/**
 * Return the keys of a region's officers, and how many of them must sign; nobody and one for no member.
 * @param {RoleFile} targets @param {string} region
 */
export function officers(targets, region) {
  const found = delegated(targets).find((one) => one.role === regionRole(region));
  if (!found) return { keys: [], threshold: 1 };
  return { keys: found.keys.map((key) => hexBytes(key.public) ?? new Uint8Array()), threshold: found.threshold };
}

/** @param {string} name @param {Map<string, any>} role @param {Map<string, any>} keys @returns {Mandate} */
function mandate(name, role, keys) {
  /** @type {string[]} */
  const keyids = role.get("keyids");
  const found = keyids.filter((one) => keys.has(one)).map((one) => roleKey(one, keys.get(one)));
  return {
    role: name, keys: found, threshold: role.get("threshold"), missing: keyids.filter((one) => !keys.has(one)), terms: role,
    regions: found.flatMap((key) => (key.region !== null ? [key.region] : [])),
  }; // prettier-ignore
}

/** @param {string} keyid @param {Map<string, any>} found @returns {RoleKey} */
function roleKey(keyid, found) {
  return { keyid, found, region: found.get(REGION_FIELD) ?? null, public: found.get("keyval").get("public") };
}

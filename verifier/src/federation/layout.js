// What a trust repository is made of: roles, how long each lasts, and which file each may carry.

export const TOP_ROLES = ["root", "targets", "snapshot", "timestamp"];
export const EMERGENCY = "emergency";
export const WITNESSES = ["snapshot", "timestamp"];

export const CHARTER = "federation/charter.json";
export const MEMBERS = "federation/members.json";
export const SUSPENSIONS = "federation/suspensions.json";

/** In each key of a role that regions sign together: whose key it is. */
export const REGION_FIELD = "x-huxin-region";

export const MOST_REGIONS = 400;
export const MOST_TIMESTAMP = 16_384;
export const MOST_METADATA = 2_000_000;
export const MOST_TARGET = 5_000_000;

const PREFIX = "region-";
const REGION = /^[A-Z]{2,3}(?:-[A-Z0-9]{1,8})?$/;
// Small letters and digits, so that no name climbs out of its folder or is another one on another system.
const NAME = /^[a-z0-9]+([._-][a-z0-9]+)*$/;
const MOST_NAME = 100;
const HOUR = 3_600 * 1e6;
const DAY = 24 * HOUR;

/** How long each role lasts, in microseconds. @type {Record<string, number>} */
export const LIFETIMES = {
  root: 365 * DAY, targets: 365 * DAY, region: 90 * DAY, emergency: 30 * DAY, snapshot: 7 * DAY, timestamp: 48 * HOUR,
}; // prettier-ignore

/** Tell whether a text is the code of a region, such as QV or QV-01. @param {unknown} text */
export function isRegion(text) {
  return typeof text === "string" && REGION.test(text);
}

/** Return the name of the role in which a region's officers sign. @param {string} region */
export function regionRole(region) {
  return `${PREFIX}${region}`;
}

/** Return the region of a role's name; `null` for a role of the federation. @param {string} role */
export function regionOf(role) {
  const region = role.startsWith(PREFIX) ? role.slice(PREFIX.length) : "";
  return isRegion(region) ? region : null;
}

/** Return how long a role's metadata may last. @param {string} role */
export function lifetime(role) {
  return role !== "region" && Object.hasOwn(LIFETIMES, role) ? LIFETIMES[role] : LIFETIMES.region;
}

/** Return where a region's keys stand. @param {string} region */
export function keysPath(region) {
  return `${region}/keys.cbor`;
}

/**
 * Tell whether a role may carry a file: a region its own, the emergency role one, the charter its own.
 * @param {string} role @param {string} path
 */
export function mayCarry(role, path) {
  const [folder, name] = parted(path);
  if (name.length > MOST_NAME || !NAME.test(name)) return false;
  if (role === EMERGENCY) return path === SUSPENSIONS;
  if (role === "targets") return folder === "federation" && path !== SUSPENSIONS;
  const region = regionOf(role);
  return region !== null && folder === region;
}

/** Return what stands before and behind the first stroke of a path. @param {string} path @returns {[string, string]} */
export function parted(path) {
  const at = path.indexOf("/");
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at + 1)];
}

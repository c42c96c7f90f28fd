// The Update Framework's client workflow (specification 1.0, section 5), file by file: signatures, versions, hashes, ends.
//
// What is loaded stays loaded where it cannot be the last one (an older timestamp, a snapshot that ended): nothing that
// comes after may go back behind it.

import { hex, hexBytes, sha256 } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { edwardsChecker } from "../kernel/edwards.js";
import { checkReadable, signedBytes } from "./tuf_form.js";

/**
 * @typedef {import("./metadata.js").RoleFile} RoleFile
 * @typedef {import("../kernel/instants.js").Instant} Instant
 * @typedef {{ keyids: string[], threshold: number, keys: Map<string, Map<string, any>> }} Signing
 */

/** Return who signs a role, as its delegator says. @param {RoleFile} delegator @param {string} role @returns {Signing} */
function signing(delegator, role) {
  const { signed } = delegator;
  const found = delegator.role === "root" ? signed : signed.get("delegations");
  const roles = found.get("roles");
  const said = Array.isArray(roles) ? roles.find((one) => one.get("name") === role) : roles.get(role);
  return { keyids: said.get("keyids"), threshold: said.get("threshold"), keys: found.get("keys") };
}

/** Refuse with `trust-threshold` what too few of the right keys signed. @param {RoleFile} file @param {Signing} by @param {string} role */
async function checkSigned(file, { keyids, threshold, keys }, role) {
  const message = signedBytes(file.signed);
  let signed = 0;
  for (const keyid of keyids) {
    const [key, signature] = [keys.get(keyid), file.signatures.get(keyid)];
    if (key && signature !== undefined && (await isSignedBy(key, signature, message))) signed += 1;
  }
  if (signed < threshold) throw new RefusalError("trust-threshold", `${role} was signed by ${signed}/${threshold} keys`);
}

/** @param {Map<string, any>} key @param {string} signature @param {Uint8Array} message */
async function isSignedBy(key, signature, message) {
  if (key.get("keytype") !== "ed25519" || key.get("scheme") !== "ed25519") return false;
  const raw = hexBytes(key.get("keyval").get("public"));
  const checker = raw?.length === 32 ? await edwardsChecker(raw) : null;
  return checker !== null && checker(hexBytes(signature) ?? new Uint8Array(), message);
}

/** Refuse with `trust-mismatch` another length or hash than stated. @param {Map<string, any>} stated @param {Uint8Array} data */
export async function checkBytes(stated, data) {
  if (stated.has("length") && stated.get("length") !== data.length) {
    throw new RefusalError("trust-mismatch", `${data.length} bytes, not ${stated.get("length")}`);
  }
  const digest = stated.get("hashes")?.get("sha256");
  if (digest !== undefined && digest !== hex(await sha256(data))) throw new RefusalError("trust-mismatch", "another hash");
}

/** What is trusted so far, as at an instant. */
export class TrustedSet {
  /** @param {Instant} instant */
  constructor(instant) {
    this.instant = instant;
    /** @type {Map<string, RoleFile>} */
    this.files = new Map();
    /** @type {Set<string>} */
    this.delegations = new Set();
  }

  /** @param {string} role @returns {RoleFile} */
  get(role) {
    return /** @type {RoleFile} */ (this.files.get(role));
  }

  /** Tell whether a role was verified against this delegator. @param {string} role @param {string} delegator */
  contains(role, delegator) {
    return this.delegations.has(`${delegator} ${role}`);
  }

  /** @param {string} role @param {RoleFile} file @param {string} delegator */
  add(role, file, delegator) {
    this.files.set(role, file);
    this.delegations.add(`${delegator} ${role}`);
  }

  /** @param {RoleFile} file */
  isOver(file) {
    return this.instant.micros >= file.expires.micros;
  }

  /** @param {string} role */
  checkNotOver(role) {
    if (this.isOver(this.get(role))) throw new RefusalError("trust-expired", `${role} has expired`);
  }

  /** Begin with a root that somebody vouches for. @param {RoleFile} file */
  async begin(file) {
    checkReadable(file.signed);
    await checkSigned(file, signing(file, "root"), "root");
    this.add("root", file, "root");
  }

  /** Take the next root: signed by the last one's keys and by its own. @param {RoleFile} file */
  async updateRoot(file) {
    const last = this.get("root");
    checkReadable(file.signed);
    await checkSigned(file, signing(last, "root"), "root");
    if (file.version !== last.version + 1) throw new RefusalError("trust-rollback", `root ${file.version} after ${last.version}`);
    await checkSigned(file, signing(file, "root"), "root");
    this.add("root", file, "root");
  }

  /** Take a timestamp; false where it is the one that is held already. @param {RoleFile} file */
  async updateTimestamp(file) {
    this.checkNotOver("root");
    checkReadable(file.signed);
    await checkSigned(file, signing(this.get("root"), "timestamp"), "timestamp");
    const held = this.files.get("timestamp");
    if (held !== undefined) {
      if (file.version < held.version) throw new RefusalError("trust-rollback", `timestamp ${file.version}, held ${held.version}`);
      if (file.version === held.version) return false;
      if (snapshotOf(file).get("version") < snapshotOf(held).get("version")) {
        throw new RefusalError("trust-rollback", "the timestamp names an older snapshot");
      }
    }
    this.add("timestamp", file, "root");
    this.checkNotOver("timestamp");
    return true;
  }

  /** Take a snapshot; one that was `held` needs not be the one that the timestamp names. @param {RoleFile} file @param {boolean} held */
  async updateSnapshot(file, held) {
    this.checkNotOver("timestamp");
    const stated = snapshotOf(this.get("timestamp"));
    if (!held) await checkBytes(stated, file.data);
    checkReadable(file.signed);
    await checkSigned(file, signing(this.get("root"), "snapshot"), "snapshot");
    // A file that is not of the version in its name was put there by somebody else than its signers.
    const older = file.version === stated.get("version") ? "trust-rollback" : "trust-mismatch";
    for (const [name, one] of this.files.get("snapshot")?.signed.get("meta") ?? []) {
      const now = file.signed.get("meta").get(name);
      if (now === undefined) throw new RefusalError("trust-missing", `${name} is gone from the snapshot`);
      if (now.get("version") < one.get("version")) throw new RefusalError(older, `${name} goes back`);
    }
    this.add("snapshot", file, "root");
    this.checkSnapshot();
    // Of the right version, but not what the timestamp signed: what comes is compared with it, and is another one.
    if (held) await checkBytes(stated, file.data);
  }

  checkSnapshot() {
    this.checkNotOver("snapshot");
    const [found, named] = [this.get("snapshot").version, snapshotOf(this.get("timestamp")).get("version")];
    if (found !== named) throw new RefusalError("trust-mismatch", `snapshot ${found}, not ${named}`);
  }

  /**
   * Take the file of the charter or of a role that it delegates to.
   * @param {RoleFile} file @param {string} role @param {string} delegator
   */
  async updateTargets(file, role, delegator) {
    this.checkSnapshot();
    const stated = this.stated(role);
    await checkBytes(stated, file.data);
    checkReadable(file.signed);
    await checkSigned(file, signing(this.get(delegator), role), role);
    if (file.version !== stated.get("version")) throw new RefusalError("trust-mismatch", `${role} ${file.version}`);
    if (this.isOver(file)) throw new RefusalError("trust-expired", `${role} has expired`);
    this.add(role, file, delegator);
  }

  /** Return what the snapshot says of a role's file. @param {string} role @returns {Map<string, any>} */
  stated(role) {
    const found = this.get("snapshot").signed.get("meta").get(`${role}.json`);
    if (found === undefined) throw new RefusalError("trust-missing", `${role} is not part of the snapshot`);
    return found;
  }
}

/** Return what a timestamp says of the snapshot. @param {RoleFile} timestamp @returns {Map<string, any>} */
export function snapshotOf(timestamp) {
  return timestamp.signed.get("meta").get("snapshot.json");
}

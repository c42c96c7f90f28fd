// The Update Framework's client at a given instant: bytes from anywhere → what enough of the right keys signed.
//
// What is evaluated is the instant of the list itself, if that is over: a bundle that was carried for a week must be
// readable.  Files that are held already are lent instead of asked for, and are verified anew like all others.

import { hex, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { Instant } from "../kernel/instants.js";
import { sha256Now } from "../kernel/sha256.js";
import {
  EMERGENCY, MOST_METADATA, MOST_REGIONS, MOST_TARGET, MOST_TIMESTAMP, SUSPENSIONS, TOP_ROLES, WITNESSES, keysPath,
  mayCarry, parted, regionOf,
} from "./layout.js"; // prettier-ignore
import { parseRole } from "./metadata.js";
import { fits } from "./path_pattern.js";
import { TIMESTAMP } from "./place.js";
import { TrustedSet, checkBytes, snapshotOf } from "./trusted_set.js";
import { patterns } from "./tuf_form.js";

const MOST_ROOTS = 256;
const MOST_DELEGATIONS = MOST_REGIONS + 2;
const MOST_TARGETS = 5_000;
const SECOND = 1e6;

/**
 * What a refresh begins with: the trusted root, and timestamp and snapshot against which nothing may go back.
 * @typedef {{ root: Uint8Array, timestamp?: Uint8Array, snapshot?: Uint8Array }} Start
 * @typedef {import("./metadata.js").RoleFile} RoleFile
 * @typedef {import("./place.js").Fetcher} Fetcher
 * @typedef {{ repository: import("./repository.js").Repository, files: Map<string, Uint8Array>, ended: Set<string> }} Verified
 */

/**
 * Return what a place holds, verified; refuses as section 6 of the law says.
 * @param {Fetcher} fetcher @param {Start} start @param {Instant} instant @returns {Promise<Verified>}
 */
export async function verified(fetcher, start, instant) {
  // (1) With all that is held: the usual way, and the cheapest.
  const attempt = new Attempt(fetcher, start, instant);
  let rotated = false;
  try {
    return await attempt.run();
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    rotated = areRotated(start.root, attempt.newestRoot());
    if (!fetcher.lent && !rotated) throw error;
  }
  // (2) A file that is held may be the one that no longer fits: everything is asked for.
  fetcher.kept = new Map();
  // (3) Where keys of timestamp or snapshot were changed, the held ones are dropped (TUF 1.0, 5.3.11).
  return new Attempt(fetcher, rotated ? { root: start.root } : start, instant).run();
}

/**
 * Tell whether the newest root names other keys for timestamp or snapshot than the one begun with.
 * @param {Uint8Array} before @param {Uint8Array} after
 */
function areRotated(before, after) {
  const [old, now] = [before, after].map((data) => parseRole(data, "root").signed.get("roles"));
  return WITNESSES.some((role) => ids(old, role) !== ids(now, role));
}

/** @param {Map<string, any>} roles @param {string} role */
function ids(roles, role) {
  return JSON.stringify([...roles.get(role).get("keyids")].sort());
}

/** @param {unknown} error */
function refusal(error) {
  if (error instanceof RefusalError) return error;
  throw error;
}

/** One passage through the workflow. */
class Attempt {
  /** @param {Fetcher} fetcher @param {Start} start @param {Instant} instant */
  constructor(fetcher, start, instant) {
    this.fetcher = fetcher;
    this.start = start;
    this.instant = instant;
    this.trusted = new TrustedSet(instant);
    /** Each root that was passed, by version. @type {Map<number, Uint8Array>} */
    this.roots = new Map();
    /** What a role's file was when it was taken. @type {Map<string, RoleFile>} */
    this.taken = new Map();
  }

  newestRoot() {
    return this.trusted.files.get("root")?.data ?? this.start.root;
  }

  /** @returns {Promise<Verified>} */
  async run() {
    const first = parseRole(this.start.root, "root");
    this.trusted.instant = await this.atMost();
    // (1) Roots one after the other, timestamp, snapshot, charter.
    await this.trusted.begin(first);
    this.roots.set(first.version, first.data);
    await this.loadRoots();
    await this.loadTimestamp();
    await this.loadSnapshot();
    await this.loadTargets("targets", "root");
    const roles = new Map(TOP_ROLES.map((role) => [role, this.trusted.get(role)]));
    // (2) The roles that the charter delegates to.
    const ended = await this.loadDelegated(roles);
    // (3) All were in force when the timestamp was; that one may be over.
    const at = Math.min(this.instant.micros, this.trusted.get("timestamp").expires.micros - SECOND);
    for (const [role, one] of roles) {
      if (one.expires.micros <= at) throw new RefusalError("trust-expired", role);
    }
    // (4) Every file that a role lists, against the digests that it states.
    if (this.trusted.get("root").signed.get("consistent_snapshot") !== true) {
      throw new RefusalError("trust-delegation", "root: no consistent snapshots");
    }
    const { targets, files } = await this.loadFiles(roles);
    for (const [name, data] of this.metadata(roles)) files.set(name, data);
    return { repository: { roles, targets }, files, ended };
  }

  /** Return the instant to evaluate at: now, or the last one of the list that is offered, which nobody has verified yet. */
  async atMost() {
    let data;
    try {
      data = await this.fetcher.read(TIMESTAMP, MOST_TIMESTAMP);
    } catch (error) {
      if (refusal(error).code === "trust-missing") return this.instant;
      throw error;
    }
    const end = parseRole(data, "timestamp").expires.micros - SECOND;
    return end < this.instant.micros ? new Instant(end) : this.instant;
  }

  async loadRoots() {
    for (let passed = 0; passed < MOST_ROOTS; passed += 1) {
      const next = this.trusted.get("root").version + 1;
      let file;
      try {
        file = await this.fetcher.metadata(`metadata/${next}.root.json`, MOST_METADATA);
      } catch (error) {
        if (refusal(error).code === "trust-missing") return;
        throw error;
      }
      await this.trusted.updateRoot(file);
      this.roots.set(next, file.data);
    }
  }

  async loadTimestamp() {
    await this.lend("timestamp", (file) => this.trusted.updateTimestamp(file));
    const file = await this.fetcher.metadata(TIMESTAMP, MOST_TIMESTAMP);
    await this.trusted.updateTimestamp(file);
  }

  async loadSnapshot() {
    if (await this.lend("snapshot", (file) => this.trusted.updateSnapshot(file, true))) return;
    const file = await this.download("snapshot", snapshotOf(this.trusted.get("timestamp")));
    await this.trusted.updateSnapshot(file, false);
  }

  /**
   * Take a file that was held before; tell whether it can be the last one.
   * @param {"timestamp" | "snapshot"} role @param {(file: RoleFile) => Promise<unknown>} take
   */
  async lend(role, take) {
    const data = this.start[role];
    if (data === undefined) return false;
    try {
      await take(parseRole(data, role));
      return true;
    } catch (error) {
      refusal(error);
      return false;
    }
  }

  /** @param {string} role @param {Map<string, any>} stated */
  async download(role, stated) {
    const version = this.isConsistent() ? `${stated.get("version")}.` : "";
    if (!/^[A-Za-z0-9._-]+$/.test(role)) throw new RefusalError("trust-file", "not a name of a role");
    return this.fetcher.metadata(`metadata/${version}${role}.json`, stated.get("length") || MOST_METADATA);
  }

  /** Tell whether names have versions in them; TUF's clients take whatever is not nothing for a yes. */
  isConsistent() {
    return isTrue(this.trusted.get("root").signed.get("consistent_snapshot"));
  }

  /** Return a role's file, loaded once for a delegator. @param {string} role @param {string} delegator */
  async loadTargets(role, delegator) {
    if (this.trusted.contains(role, delegator)) return this.trusted.get(role);
    const before = this.taken.get(role);
    if (before === undefined || !(await this.again(before, role, delegator))) {
      const file = await this.download(role, this.trusted.stated(role));
      await this.trusted.updateTargets(file, role, delegator);
      this.taken.set(role, file);
    }
    return this.trusted.get(role);
  }

  /** @param {RoleFile} file @param {string} role @param {string} delegator */
  async again(file, role, delegator) {
    try {
      await this.trusted.updateTargets(file, role, delegator);
      return true;
    } catch (error) {
      refusal(error);
      return false;
    }
  }

  /**
   * Load each role that a federation may delegate to, by asking for a file that only that role may carry; return those
   * that ended.
   * @param {Map<string, RoleFile>} roles
   */
  async loadDelegated(roles) {
    /** @type {Set<string>} */
    const ended = new Set();
    for (const [name, path] of probes(this.trusted.get("targets"))) {
      try {
        await this.walk(path);
      } catch (error) {
        if (refusal(error).code !== "trust-expired" || name === EMERGENCY) throw error;
        // A region that let its own role end has nothing that is believed, and stops nobody else.
        ended.add(name);
        continue;
      }
      const file = this.taken.get(name);
      if (file !== undefined) roles.set(name, file);
    }
    return ended;
  }

  /** Load the roles in which a file may stand, the most trusted first, until one lists it. @param {string} path */
  async walk(path) {
    const left = [["targets", "root"]];
    const visited = new Set();
    while (visited.size <= MOST_DELEGATIONS && left.length > 0) {
      const [role, delegator] = /** @type {string[]} */ (left.pop());
      if (visited.has(role)) continue;
      const { signed } = await this.loadTargets(role, delegator);
      if (signed.get("targets").has(path)) return;
      visited.add(role);
      const { children, ends } = childrenOf(signed, path);
      if (ends) left.length = 0;
      left.push(...children.reverse().map((child) => [child, role]));
    }
  }

  /** @param {Map<string, RoleFile>} roles */
  async loadFiles(roles) {
    // What a role may not carry is not even fetched; `lint` says so.
    const listed = [...roles].flatMap(([role, { signed }]) =>
      [...(signed.get("targets") ?? [])].filter(([path]) => mayCarry(role, path)),
    );
    if (listed.length > MOST_TARGETS) throw new RefusalError("too-big", `more than ${MOST_TARGETS} files`);
    const [targets, files] = [new Map(), new Map()];
    for (const [path, stated] of listed) {
      const [folder, base] = parted(path);
      const name = `targets/${folder}/${stated.get("hashes").get("sha256")}.${base}`;
      const data = await this.target(name, path, stated);
      targets.set(path, data);
      files.set(name, data);
    }
    return { targets, files };
  }

  /** @param {string} name @param {string} path @param {Map<string, any>} stated */
  async target(name, path, stated) {
    const length = stated.get("length");
    if (length > MOST_TARGET) throw new RefusalError("too-big", `${path}: ${length} bytes`);
    let data;
    try {
      data = await this.fetcher.read(name, length);
    } catch (error) {
      if (refusal(error).code !== "too-big") throw error;
      throw new RefusalError("trust-mismatch", `${path}: more than ${length} bytes`);
    }
    await checkBytes(stated, data);
    return data;
  }

  /**
   * Yield metadata as a repository names it; of the roots all that were passed, for those who come later.
   * @param {Map<string, RoleFile>} roles @returns {Generator<[string, Uint8Array]>}
   */
  *metadata(roles) {
    for (const [role, found] of roles) {
      if (role === "timestamp") yield [TIMESTAMP, found.data];
      else if (role !== "root") yield [`metadata/${found.version}.${role}.json`, found.data];
    }
    for (const [version, data] of this.roots) yield [`metadata/${version}.root.json`, data];
  }
}

/** Tell whether a client of another language takes a value for a yes. @param {any} value */
function isTrue(value) {
  if (Array.isArray(value)) return value.length > 0;
  return value instanceof Map ? value.size > 0 : Boolean(value);
}

/**
 * Yield each role that a federation may delegate to, with a file that only that role may carry.
 * @param {RoleFile} targets @returns {[string, string][]}
 */
function probes(targets) {
  const delegated = targets.signed.get("delegations")?.get("roles") ?? [];
  if (delegated.length > MOST_REGIONS + 1) throw new RefusalError("too-big", `more than ${MOST_REGIONS} regions`);
  return delegated.flatMap((/** @type {Map<string, any>} */ role) => {
    const name = role.get("name");
    const region = regionOf(name);
    if (name === EMERGENCY) return [[name, SUSPENSIONS]];
    return region !== null ? [[name, keysPath(region)]] : [];
  });
}

/**
 * Return the roles that may carry a file, in order, and whether the last of them ends the search.
 * @param {Map<string, any>} signed @param {string} path
 */
function childrenOf(signed, path) {
  const children = [];
  for (const role of signed.get("delegations")?.get("roles") ?? []) {
    if (!isDelegated(role, path)) continue;
    children.push(role.get("name"));
    if (isTrue(role.get("terminating"))) return { children, ends: true };
  }
  return { children, ends: false };
}

/** @param {Map<string, any>} role @param {string} path */
function isDelegated(role, path) {
  const prefixes = role.get("path_hash_prefixes") ?? null;
  if (prefixes === null) return patterns(role.get("paths")).some((pattern) => fits(path, pattern));
  const digest = hex(sha256Now(utf8Bytes(path)));
  return patterns(prefixes).some((prefix) => digest.startsWith(prefix));
}

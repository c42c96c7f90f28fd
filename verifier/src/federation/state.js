// What a verifier holds of the federation: the newest list that it accepted, and what it must never forget.
//
// All of it is one file, a bundle with `memory.json` and the place's own `policy.json` among the others; whoever holds it
// can hand the list on.

import { hex, hexBytes, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { Instant, parseInstant, rfc3339 } from "../kernel/instants.js";
import { parse } from "../kernel/strict_json.js";
import { isStatusName, openBundle, pack } from "./bundle.js";
import { DEFAULT, freshness } from "./freshness.js";
import { openPolicy } from "./held_policy.js";
import { TOP_ROLES } from "./layout.js";
import { parseRole } from "./metadata.js";
import { readList } from "./repository.js";

const MEMORY = "memory.json";
const POLICY = "policy.json";
const METADATA = /^metadata\/(?:([1-9][0-9]{0,15})\.)?([A-Za-z0-9-]+)\.json$/;
const TARGET = /^targets\/([A-Za-z0-9-]+)\/[0-9a-f]{64}\.(.+)$/;

/**
 * What stays when lists come and go: the first root (SHA-256), when the newest list was signed, the latest clock, the graves.
 * @typedef {{ pinned: string, signedAt: Instant, clock: Instant, buried: Set<string> }} Memory
 * @typedef {import("./bundle.js").Files} Files
 *
 * What the place decided for itself: as it was packed, and what that says, or why it cannot be believed.
 * @typedef {import("./policy.js").LocalPolicy} LocalPolicy
 * @typedef {import("./repository.js").TrustList} TrustList
 * @typedef {{ packed: Uint8Array, said: LocalPolicy | RefusalError }} Own
 */

/** An accepted list: its files by name, the memory, and what the place decided for itself. */
export class Held {
  /**
   * @param {Files} files @param {Memory} memory @param {Own | null} own
   * @param {TrustList | null} [list] what the files say, where that was just read
   */
  constructor(files, memory, own, list = null) {
    this.files = files;
    this.memory = memory;
    this.own = own;
    /** @type {Promise<TrustList> | null} */
    this.list = list === null ? null : Promise.resolve(list);
  }

  /** The latest instant that is known to have been. */
  get latest() {
    const { signedAt, clock } = this.memory;
    return signedAt.micros > clock.micros ? signedAt : clock;
  }

  /** Return the place's own policy; refuses with `trust-file` or `trust-threshold` what is spoilt. */
  policy() {
    if (this.own?.said instanceof RefusalError) throw this.own.said;
    return this.own?.said ?? null;
  }

  newestRoot() {
    const found = [...this.files.keys()].map((name) => METADATA.exec(name));
    const versions = found.flatMap((one) => (one !== null && one[2] === "root" && one[1] ? [Number(one[1])] : []));
    return this.file(`metadata/${Math.max(...versions)}.root.json`);
  }

  /** Return a role's metadata. @param {string} role */
  metadata(role) {
    const name = [...this.files.keys()].find((one) => METADATA.exec(one)?.[2] === role);
    return this.file(name ?? role);
  }

  /** @param {string} name */
  file(name) {
    const data = this.files.get(name);
    if (data === undefined) throw spoilt(name);
    return data;
  }

  /**
   * Return it as it was when it was verified; refuses with `trust-file` what cannot have been.
   * @returns {import("./repository.js").Repository}
   */
  repository() {
    const roles = new Map([["root", parseRole(this.newestRoot(), "root")]]);
    const targets = new Map();
    for (const [name, data] of this.files) {
      const role = METADATA.exec(name)?.[2];
      const found = TARGET.exec(name);
      if (role !== undefined && role !== "root") roles.set(role, parseRole(data, role));
      else if (role === undefined && found !== null) targets.set(`${found[1]}/${found[2]}`, data);
    }
    return { roles, targets };
  }

  /** Return the list, read once; refuses with `trust-file`. */
  trustList() {
    this.list ??= readList(this.repository(), this.memory.buried);
    return this.list;
  }

  /** Return the status sets that came with lists. @returns {Files} */
  sets() {
    return new Map([...this.files].filter(([name]) => isStatusName(name)));
  }
}

/** @param {string} what */
function spoilt(what) {
  return new RefusalError("trust-file", `not a state: ${what}`);
}

/** Return what was packed; refuses with `trust-file` what is spoilt. @param {Uint8Array} data @returns {Promise<Held>} */
export async function openHeld(data) {
  let files;
  try {
    files = openBundle(data, [MEMORY, POLICY]);
  } catch (error) {
    if (error instanceof RefusalError) throw spoilt(error.detail);
    throw error;
  }
  const [memory, policy] = [memoryOf(files.get(MEMORY) ?? new Uint8Array()), files.get(POLICY) ?? null];
  files.delete(MEMORY);
  files.delete(POLICY);
  // What was accepted has all of these; a state without one of them was not written by us.
  if (!TOP_ROLES.every((role) => isKept(files, role))) throw spoilt("a role is missing");
  return new Held(files, memory, policy === null ? null : await ownOf(policy));
}

/** Tell whether a role's file is there, numbered unless it is the timestamp. @param {Files} files @param {string} role */
function isKept(files, role) {
  const found = [...files.keys()].map((name) => METADATA.exec(name));
  return found.some((one) => one?.[2] === role && (one[1] === undefined) === (role === "timestamp"));
}

/** Return a policy as it was packed with what it says, or why it cannot be believed. @param {Uint8Array} packed @returns {Promise<Own>} */
export async function ownOf(packed) {
  try {
    return { packed, said: await openPolicy(packed) };
  } catch (error) {
    if (error instanceof RefusalError) return { packed, said: error };
    throw error;
  }
}

/** @param {Uint8Array} data @returns {Memory} */
function memoryOf(data) {
  const whole = parse(data, "trust-file");
  const found = whole instanceof Map && whole.get("huxin") === "trust-state" && whole.get("v") === 1 ? whole : new Map();
  const [pinned, buried] = [found.get("pinned"), found.get("buried")];
  if (typeof pinned !== "string" || !Array.isArray(buried)) throw spoilt(MEMORY);
  const graves = buried.map((one) => (typeof one === "string" ? hexBytes(one) : null));
  if (graves.includes(null)) throw spoilt(MEMORY);
  const [signedAt, clock] = ["signed_at", "clock"].map((name) => instantOf(found.get(name)));
  return { pinned, signedAt, clock, buried: new Set(graves.map((one) => hex(/** @type {Uint8Array} */ (one)))) };
}

/** @param {unknown} text */
function instantOf(text) {
  if (typeof text !== "string") throw spoilt(MEMORY);
  try {
    return parseInstant(text);
  } catch (error) {
    if (error instanceof RefusalError) throw spoilt(MEMORY);
    throw error;
  }
}

/** Return what is held as one file, which the Python core reads too; refuses with `too-big`. @param {Held} held */
export async function packHeld({ files, memory, own }) {
  const whole = {
    huxin: "trust-state", v: 1, pinned: memory.pinned, signed_at: rfc3339(memory.signedAt), clock: rfc3339(memory.clock),
    buried: [...memory.buried].sort(),
  }; // prettier-ignore
  const all = new Map(files);
  if (own !== null) all.set(POLICY, own.packed);
  return pack(all.set(MEMORY, utf8Bytes(JSON.stringify(whole, null, 1))));
}

/** Judge how old the held list is, by the place's own limits where it has some. @param {Held} held @param {Instant} now */
export function ageOf(held, now) {
  return freshness(held.memory.signedAt, { now, seen: held.latest, limits: held.policy()?.limits ?? DEFAULT });
}

/** Return an instant as the memory writes it, cut to the second. @param {Instant} instant */
export function cut(instant) {
  return new Instant(Math.floor(instant.micros / 1e6) * 1e6);
}

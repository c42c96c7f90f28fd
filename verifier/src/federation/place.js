// Where a trust repository is read from: a bundle or an address; every read is bounded, one by one and all together.

import { RefusalError } from "../kernel/errors.js";
import { MOST_TOTAL, isName, isStatusName, openBundle } from "./bundle.js";
import { MOST_METADATA, MOST_TARGET, MOST_TIMESTAMP } from "./layout.js";
import { parseRole } from "./metadata.js";

export const TIMESTAMP = "metadata/timestamp.json";
// A store of static files may say "forbidden" where there is nothing, and "gone" where there was something.
const NOTHING_THERE = [403, 404, 410];
const OK = 200;
const SILENCE = 20_000;

/**
 * Something that a repository's files can be read from by name; `carried`: somebody brought it by hand, and so may vouch
 * for its first root.  `sets` are status sets that came along; nobody has looked at them.
 * @typedef {{ carried: boolean, read(name: string, limit: number): Promise<Uint8Array>, sets(): Map<string, Uint8Array> }} Place
 */

/** Return a bundle as a place; refuses with `trust-file` or `too-big`. @param {Uint8Array} data @returns {Place} */
export function bundlePlace(data) {
  return filesPlace(openBundle(data));
}

/** Return files by their names as a place. @param {Map<string, Uint8Array>} files @returns {Place} */
export function filesPlace(files) {
  return {
    carried: true,
    async read(name, limit) {
      const data = files.get(name);
      if (data === undefined) throw new RefusalError("trust-missing", name);
      if (data.length > limit) throw new RefusalError("too-big", `${name}: more than ${limit} bytes`);
      return data;
    },
    sets: () => new Map([...files].filter(([name]) => isStatusName(name))),
  };
}

/**
 * Return an address of a folder as a place: no redirect is followed, no cookie is sent.
 * @param {string} address @param {typeof globalThis.fetch} fetch @returns {Place}
 */
export function addressPlace(address, fetch) {
  const base = folderOf(address);
  return {
    carried: false,
    async read(name, limit) {
      const answer = await asked(`${base}/${name}`, name, fetch);
      if (NOTHING_THERE.includes(answer.status)) throw new RefusalError("trust-missing", name);
      // Redirects too: whoever answers elsewhere was not asked.
      if (answer.status !== OK) throw new RefusalError("trust-source", `${name}: answered with ${answer.status}`);
      return bodyOf(answer, name, limit);
    },
    sets: () => new Map(),
  };
}

/** @param {string} address */
function urlOf(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** @param {string} address */
function folderOf(address) {
  const found = urlOf(address);
  const plain = found && ["http:", "https:"].includes(found.protocol) && !found.username && !found.search && !found.hash;
  if (!plain) throw new RefusalError("trust-source", "not an address of a folder: https://HOST/PATH");
  return found.href.replace(/\/+$/, "");
}

/** @param {string} url @param {string} name @param {typeof globalThis.fetch} fetch */
async function asked(url, name, fetch) {
  try {
    const signal = AbortSignal.timeout(SILENCE);
    return await fetch(url, { redirect: "manual", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal });
  } catch {
    throw new RefusalError("trust-source", `${name}: no answer`);
  }
}

/** @param {Response} answer @param {string} name @param {number} limit */
async function bodyOf(answer, name, limit) {
  const pieces = [];
  let size = 0;
  try {
    const reader = answer.body?.getReader();
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      size += piece.value.length;
      if (size > limit) break;
      pieces.push(piece.value);
    }
    if (size > limit) await reader?.cancel();
  } catch {
    throw new RefusalError("trust-source", `${name}: cut short`);
  }
  if (size > limit) throw new RefusalError("too-big", `${name}: more than ${limit} bytes`);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Return whose metadata a name is for. @param {string} name */
function roleOf(name) {
  const parts = name.slice("metadata/".length).split(".");
  return /^[0-9]+$/.test(parts[0]) ? parts[1] : parts[0];
}

/** @param {string} name */
function bound(name) {
  if (name === TIMESTAMP) return MOST_TIMESTAMP;
  return name.startsWith("metadata/") ? MOST_METADATA : MOST_TARGET;
}

/** The way to a place: it bounds, remembers, and hands out what is `kept` from before instead of asking. */
export class Fetcher {
  /** @param {Place} place @param {Map<string, Uint8Array>} kept */
  constructor(place, kept) {
    this.place = place;
    this.kept = kept;
    this.lent = false;
    /** @type {Map<string, Uint8Array>} */
    this.had = new Map();
    /** @type {Set<string>} */
    this.absent = new Set();
    this.room = MOST_TOTAL;
  }

  /**
   * Return a file, from before or from the place; refuses as a place does, and what is no name.
   * @param {string} name @param {number} limit
   */
  async read(name, limit) {
    if (!isName(name)) throw new RefusalError("trust-file", `not a name of a file: ${name.slice(0, 80)}`);
    // The timestamp alone has no version in its name, so that only the place can say which is the newest.
    const kept = name !== TIMESTAMP ? this.kept.get(name) : undefined;
    if (kept !== undefined && kept.length <= limit) {
      this.lent = true;
      return kept;
    }
    if (this.absent.has(name)) throw new RefusalError("trust-missing", name);
    const data = this.had.get(name) ?? (await this.ask(name, limit));
    if (data.length > limit) throw new RefusalError("too-big", `${name}: more than ${limit} bytes`);
    return data;
  }

  /** @param {string} name @param {number} limit */
  async ask(name, limit) {
    try {
      const data = await this.place.read(name, Math.min(limit, bound(name), this.room));
      this.room -= data.length;
      this.had.set(name, data);
      return data;
    } catch (error) {
      if (error instanceof RefusalError && error.code === "trust-missing") this.absent.add(name);
      throw error;
    }
  }

  /** Return metadata, read strictly; longer than stated is not what was stated. @param {string} name @param {number} limit */
  async metadata(name, limit) {
    let data;
    try {
      data = await this.read(name, limit);
    } catch (error) {
      if (!(error instanceof RefusalError) || error.code !== "too-big" || limit >= bound(name)) throw error;
      throw new RefusalError("trust-mismatch", error.detail);
    }
    return parseRole(data, roleOf(name));
  }
}

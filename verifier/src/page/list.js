// The trust list in hand: from this device, by network from the folder beside the page, or out of a file; and how old it is.
//
// What it is worth is the client's business: who signed it, whether it goes on from the one before.  The first one has to begin
// with the root that the setup names.  Of several pages on one device each goes on from what any of them kept, never from less.

import { TrustStore } from "../anchors.js";
import { pack } from "../federation/bundle.js";
import { ageOf, basisOf, bundlePlace, namesOf, openHeld, ownPolicy, packHeld, refresh } from "../federation/client.js";
import { same, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { Instant } from "../kernel/instants.js";

/** @typedef {import("../verify.js").Basis} Basis */
/** @typedef {"taken" | "same" | "no-network" | RefusalError} Came what became of an attempt to get a newer list */

export const MAX_LIST = 20_000_000;
const LIST = "data/list.bundle";
// Times of keys move slowly; a basis is made anew this often.
const BASIS_AGE = 600e6;

export function instantNow() {
  return new Instant(Date.now() * 1000);
}

/** Holds the list and remembers it. */
export class TrustList {
  /** @param {{ kept: import("./kept.js").Kept, pinned: string | null, region: string, fetch: (name: string) => Promise<Uint8Array | null> }} how */
  constructor({ kept, pinned, region, fetch }) {
    this.kept = kept;
    this.pinned = pinned;
    this.region = region;
    this.fetch = fetch;
    /** @type {import("../federation/client.js").Held | null} */
    this.held = null;
    /** @type {Uint8Array | null} what is kept on this device, as it was last seen */
    this.there = null;
    /** @type {RefusalError | null} */
    this.refusal = null;
    /** @type {{ made: number, environment: string, basis: Basis } | null} */
    this.ready = null;
    /** @type {import("../federation/client.js").Refreshed | null} what the last refresh told */
    this.about = null;
    /** @type {Record<string, Record<string, string>>} what the regions of the list call themselves */
    this.names = {};
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
  }

  /** Take up the list that this device kept; a damaged one is as good as none. */
  begin() {
    return this.alone(() => this.takeUp());
  }

  /** Ask for a newer list by network. @returns {Promise<Came>} */
  async refresh() {
    const bytes = await this.fetch(LIST);
    return bytes ? this.take(bytes) : "no-network";
  }

  /** Take a newer list out of a file. @param {Blob} file @returns {Promise<Came>} */
  async takeFile(file) {
    if (file.size > MAX_LIST) return new RefusalError("trust-source", "larger than any list");
    return this.take(new Uint8Array(await file.arrayBuffer()));
  }

  /** @param {Uint8Array} bytes @returns {Promise<Came>} */
  take(bytes) {
    return this.alone(() => this.taken(bytes));
  }

  /**
   * Do something while nobody else of this device does: no other wish of this page, and no other page.
   * @template T @param {() => Promise<T>} deed @returns {Promise<T>}
   */
  alone(deed) {
    const done = this.turn.then(() => this.kept.alone(deed));
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Go on from what is kept here, by whichever page, where that is no less than what is held. */
  async takeUp() {
    const bytes = await this.kept.list();
    if (!bytes || (this.there && same(bytes, this.there))) return;
    try {
      const found = await openHeld(bytes);
      this.there = bytes;
      if (this.held === null || isNoLess(found, this.held)) await this.hold(found);
    } catch (error) {
      if (this.held === null) this.refusal = refusal(error);
    }
  }

  /** @param {import("../federation/client.js").Held} held */
  async hold(held) {
    this.names = await namesOf(held);
    [this.held, this.refusal, this.ready] = [held, null, null];
  }

  /** @param {import("../federation/client.js").Held} held */
  async keep(held) {
    await this.hold(held);
    this.there = await packHeld(held);
    await this.kept.keepList(this.there);
  }

  /** @param {Uint8Array} bytes @returns {Promise<Came>} */
  async taken(bytes) {
    try {
      await this.takeUp();
      const came = await refresh(bundlePlace(bytes), this.held, { root: null, pinned: this.pinned, now: instantNow() });
      const before = this.held?.memory.signedAt.micros;
      await this.keep(came.held);
      this.about = came;
      return before === came.held.memory.signedAt.micros ? "same" : "taken";
    } catch (error) {
      const told = refusal(error);
      if (this.held === null) this.refusal = told;
      return told;
    }
  }

  /** Put in force what this place decided for itself; what is no decision of its officers changes nothing. @param {string} policy as it was packed, or empty */
  async obey(policy) {
    if (policy) await this.alone(() => this.obeyed(utf8Bytes(policy)));
  }

  /** @param {Uint8Array} packed */
  async obeyed(packed) {
    try {
      await this.takeUp();
      const after = this.held && (await ownPolicy(this.held, packed, this.region));
      if (after) await this.keep(after);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
    }
  }

  /** Return how old the list is; `null` where there is none. @returns {import("./age.js").Age | null} */
  age(now = instantNow()) {
    return this.held === null ? null : ageOf(this.held, now);
  }

  /** Return what cards are judged by; `null` where there is no list. @param {string} environment @returns {Promise<Basis | null>} */
  async basis(environment, now = instantNow()) {
    if (this.held === null) return null;
    const there = this.ready;
    const isFresh = there && there.environment === environment && Math.abs(now.micros - there.made) < BASIS_AGE;
    if (isFresh) return there.basis;
    // Nobody is believed by a list that is too old; that it is, the verdict says by itself.
    const old = { trust: new TrustStore([], { environment, asOf: this.held.memory.signedAt }), status: null };
    const basis = this.age(now)?.decision === "refused" ? old : await basisOf(this.held, { environment, now: later(now, this.held.latest) });
    this.ready = { made: now.micros, environment, basis };
    return basis;
  }

  /** Return the list as a file to hand on. @returns {Promise<Blob | null>} */
  async file() {
    if (this.held === null) return null;
    // What this place remembers, and what it decided for itself, is nobody else's.
    const bytes = await pack(this.held.files);
    return new Blob([/** @type {BlobPart} */ (bytes)], { type: "application/octet-stream" });
  }
}

/** Tell whether a list is no less than another one of the same beginning. @param {import("../federation/client.js").Held} one @param {import("../federation/client.js").Held} other */
function isNoLess(one, other) {
  return one.memory.pinned === other.memory.pinned && one.memory.signedAt.micros >= other.memory.signedAt.micros;
}

/** Whom to believe is never judged behind what was seen, wherever the clock stands. @param {Instant} one @param {Instant} other */
function later(one, other) {
  return one.micros > other.micros ? one : other;
}

/** @param {unknown} error @returns {RefusalError} */
function refusal(error) {
  return error instanceof RefusalError ? error : new RefusalError("trust-source", "could not be read");
}

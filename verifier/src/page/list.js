// The trust list in hand: from this device, by network from the folder beside the page, or out of a file; and how old it is.
//
// What it is worth is the client's business: who signed it, whether it goes on from the one before.  The first one has to begin
// with the root that the setup names.

import { TrustStore } from "../anchors.js";
import { pack } from "../federation/bundle.js";
import { ageOf, basisOf, bundlePlace, namesOf, openHeld, packHeld, refresh } from "../federation/client.js";
import { RefusalError } from "../kernel/errors.js";
import { Instant } from "../kernel/instants.js";

/** @typedef {import("../verify.js").Basis} Basis */
/** @typedef {"taken" | "same" | "no-network" | RefusalError} Came what became of an attempt to get a newer list */

export const MAX_LIST = 20_000_000;
// Times of keys move slowly; a basis is made anew this often.
const BASIS_AGE = 600e6;

export function instantNow() {
  return new Instant(Date.now() * 1000);
}

/** Holds the list and remembers it. */
export class TrustList {
  /** @param {{ kept: import("./kept.js").Kept, pinned: string | null, fetch: (name: string) => Promise<Uint8Array | null> }} how */
  constructor({ kept, pinned, fetch }) {
    this.kept = kept;
    this.pinned = pinned;
    this.fetch = fetch;
    /** @type {import("../federation/client.js").Held | null} */
    this.held = null;
    /** @type {RefusalError | null} */
    this.refusal = null;
    /** @type {{ made: number, environment: string, basis: Basis } | null} */
    this.ready = null;
    /** @type {import("../federation/client.js").Refreshed | null} what the last refresh told */
    this.about = null;
    /** @type {Record<string, Record<string, string>>} what the regions of the list call themselves */
    this.names = {};
  }

  /** Take up the list that this device kept; a damaged one is as good as none. */
  async begin() {
    const bytes = await this.kept.list();
    if (!bytes) return;
    try {
      this.held = await openHeld(bytes);
      this.names = await namesOf(this.held);
    } catch (error) {
      this.refusal = refusal(error);
    }
  }

  /** Ask for a newer list by network. @returns {Promise<Came>} */
  async refresh() {
    const bytes = await this.fetch("data/list.bundle");
    return bytes ? this.take(bytes) : "no-network";
  }

  /** Take a newer list out of a file. @param {Blob} file @returns {Promise<Came>} */
  async takeFile(file) {
    if (file.size > MAX_LIST) return new RefusalError("trust-source", "larger than any list");
    return this.take(new Uint8Array(await file.arrayBuffer()));
  }

  /** @param {Uint8Array} bytes @returns {Promise<Came>} */
  async take(bytes) {
    try {
      const came = await refresh(bundlePlace(bytes), this.held, { root: null, pinned: this.pinned, now: instantNow() });
      const before = this.held?.memory.signedAt.micros;
      [this.held, this.about, this.refusal, this.ready] = [came.held, came, null, null];
      this.names = await namesOf(came.held);
      await this.kept.keepList(await packHeld(came.held));
      return before === came.held.memory.signedAt.micros ? "same" : "taken";
    } catch (error) {
      const told = refusal(error);
      if (this.held === null) this.refusal = told;
      return told;
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

/** Whom to believe is never judged behind what was seen, wherever the clock stands. @param {Instant} one @param {Instant} other */
function later(one, other) {
  return one.micros > other.micros ? one : other;
}

/** @param {unknown} error @returns {RefusalError} */
function refusal(error) {
  return error instanceof RefusalError ? error : new RefusalError("trust-source", "could not be read");
}

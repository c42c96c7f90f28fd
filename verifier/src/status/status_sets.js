// The answer of status sets for our credentials: by region and address of the list, then index.
//
// A region speaks of its own cards only: the list that a card names is looked up among those of the region whose key
// verified it.  A list that is not held answers "not revoked": that it is missing is a matter of freshness.

/** Accepted sets of many lists, ready for `verify`. */
export class StatusSets {
  /** @param {Iterable<import("./signed_set.js").Held>} held */
  constructor(held) {
    /** @type {Map<string, import("./signed_set.js").Held>} */
    this.sets = new Map();
    for (const one of held) this.sets.set(listKey(one.name.region, one.name.uri), one);
  }

  /** Return the set of the list that a card names, if it is held. @param {any} credential @param {import("../anchors.js").Anchor} anchor */
  of(credential, anchor) {
    const named = credential.status !== null && anchor.region !== null;
    return named ? (this.sets.get(listKey(/** @type {string} */ (anchor.region), credential.status.uri)) ?? null) : null;
  }

  /** Tell whether the region whose key is `anchor` withdrew a card. @param {any} credential @param {import("../anchors.js").Anchor} anchor */
  revoked(credential, anchor) {
    return this.of(credential, anchor)?.found.has(Number(credential.status.index)) ?? false;
  }
}

/** @param {string} region @param {string} uri */
function listKey(region, uri) {
  return `${region}\n${uri}`;
}

// A set of status indices of one list: which places are withdrawn, in rising order, each once.

import { RefusalError } from "../kernel/errors.js";

export const MIN_BITS = 20;
export const MAX_BITS = 26;

/** Withdrawn places of a list of 2^`bits`; `indices` rise. */
export class IndexSet {
  /** @param {number} bits @param {number[]} indices */
  constructor(bits, indices) {
    if (!(bits >= MIN_BITS && bits <= MAX_BITS)) throw bad(`a list has 2^${MIN_BITS} to 2^${MAX_BITS} places`);
    const last = indices[indices.length - 1] ?? 0;
    if (indices[0] < 0 || last >= 2 ** bits) throw bad("an index that is no place of the list");
    for (let at = 1; at < indices.length; at += 1) {
      if (indices[at - 1] >= indices[at]) throw bad("an index twice, or not in order");
    }
    this.bits = bits;
    this.indices = indices;
  }

  /** Return the set with others besides; one that is in both is refused. @param {number[]} others */
  with(others) {
    return new IndexSet(this.bits, [...this.indices, ...others].sort((one, other) => one - other));
  }

  /** Tell whether a place is withdrawn. @param {number} index */
  has(index) {
    let low = 0;
    for (let high = this.indices.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.indices[middle] < index) low = middle + 1;
      else high = middle;
    }
    return this.indices[low] === index;
  }
}

/** @param {string} what */
export function bad(what) {
  return new RefusalError("bad-input", what);
}

// The cards of one person, and the parts of a card that is split over several codes.

const CHUNK = /^\s*shc:\/([1-9][0-9]?)\/([1-9][0-9]?)\//;
export const MOST_CARDS = 8;

/** Return which part of how many a text is; `null` where it stands alone. @param {string} text */
export function partOf(text) {
  const found = CHUNK.exec(text.slice(0, 40));
  if (!found) return null;
  const [at, of] = [Number(found[1]), Number(found[2])];
  return at <= of ? { at, of } : null;
}

/** Gathers the parts of one card as they come before the camera, in any order. */
export class Parts {
  constructor() {
    /** @type {Map<number, string>} */
    this.held = new Map();
    this.of = 0;
  }

  /** Take a part; a part of another number of codes, or another one at a known place, begins a new card. @param {string} text @returns {string[] | null} all of them, once they are there */
  take(text) {
    const part = partOf(text);
    if (!part) return null;
    const known = this.held.get(part.at);
    if (part.of !== this.of || (known !== undefined && known !== text)) this.forget();
    this.of = part.of;
    this.held.set(part.at, text);
    if (this.held.size < this.of) return null;
    const whole = [...this.held].sort(([one], [other]) => one - other).map(([, each]) => each);
    this.forget();
    return whole;
  }

  forget() {
    this.held.clear();
    this.of = 0;
  }
}

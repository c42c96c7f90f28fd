// The loop at the door: what comes before the camera, out of a scanner, a file or a field becomes an answer, one after another.
//
// - a code that stays in view is one showing, however many frames it is seen in
// - where one more is asked for, the next card of the same person is judged together with the first; anybody else's begins anew
// - what is no card and lies beside one, such as a notice on the wall, is left out
// - the parts of a card that is split over several codes are gathered first
// - nothing is kept of a person who has gone

import { MOST_CARDS, Parts, partOf } from "./group.js";
import { cardsAmong, linesOf } from "../reading.js";

// So many frames without a code, and the card has gone: the same one may be shown again.
const GONE = 8;

/**
 * @typedef {import("./face.js").Face} Face
 * @typedef {{ judge: (texts: string[]) => Promise<Face>, show: (face: Face, about: { again: string | null, another: boolean }) => void,
 *   part: (n: number, of: number) => void, same: () => void }} Doors
 * `same`: it is the person who stood there already; `unread`: it is no card, and whatever was asked for still is.
 * @typedef {{ face: Face, texts: string[], same: boolean, another?: boolean, unread?: boolean }} Found
 */

export class Loop {
  /** @param {Doors} doors */
  constructor(doors) {
    this.doors = doors;
    this.parts = new Parts();
    /** @type {Promise<void>} */
    this.turn = Promise.resolve();
    /** @type {Map<string, number>} codes that came before the camera, and in which frame last */
    this.seen = new Map();
    this.number = 0;
    /** @type {string[]} what the person who stands there has shown */
    this.texts = [];
    /** @type {Face | null} */
    this.face = null;
    /** The checker asked for another card of the same person. */
    this.adding = false;
    /** The answer itself waits for another card. */
    this.waiting = false;
  }

  forget() {
    this.texts = [];
    this.face = null;
    this.adding = false;
    this.waiting = false;
  }

  /** What was seen is judged anew where it is seen again: something else is asked for now. */
  lookAnew() {
    this.seen.clear();
  }

  /** The next person: what the one before showed is dropped. */
  next() {
    this.forget();
    this.parts.forget();
  }

  /** The next card is another one of the same person. */
  add() {
    this.adding = this.face !== null;
    return this.adding;
  }

  /** Take what a frame of the camera holds. @param {string[]} found */
  async frame(found) {
    this.number += 1;
    const fresh = cardsAmong(found).filter((text) => this.isFresh(text));
    for (const text of found) this.seen.set(text, this.number);
    for (const [text, last] of this.seen) if (this.number - last > GONE) this.seen.delete(text);
    if (fresh.length) await this.take(fresh);
    else if (found.length && this.face === null && !partOf(found[0])) this.doors.same();
  }

  /** Tell whether a code came into view just now, and is not the one whose answer stands there. @param {string} text */
  isFresh(text) {
    return !this.seen.has(text) && !(this.face && this.texts.includes(text));
  }

  /** Take codes, one person's; answers come in the order in which they were asked for. @param {string[]} texts */
  take(texts) {
    const judged = this.turn.then(() => this.taken(texts.flatMap(linesOf)));
    // A mistake with one person is not the next one's.
    this.turn = judged.catch(() => undefined);
    return judged;
  }

  /** @param {string[]} texts */
  async taken(texts) {
    const ready = this.whole(texts);
    if (ready.length === 0) return;
    const shown = this.face;
    const expected = this.adding || this.waiting;
    const joined = expected && this.texts.length + ready.length <= MOST_CARDS ? [...new Set([...this.texts, ...ready])] : ready;
    const found = await this.answer(ready, joined);
    // The same code while its answer stands there is the same person.
    const same = shown !== null && (found.same || ready.every((text) => this.texts.includes(text)));
    this.texts = found.texts;
    this.face = found.face;
    if (!found.unread) [this.adding, this.waiting] = [false, found.face.kind === "check"];
    this.doors.show(found.face, { again: same && shown ? shown.kind : null, another: found.another ?? false });
  }

  /** Judge together what belongs together. @param {string[]} ready @param {string[]} joined @returns {Promise<Found>} */
  async answer(ready, joined) {
    const alone = await this.doors.judge(ready);
    if (joined.length === ready.length) return { face: alone, texts: ready, same: false };
    // What cannot be read is no second card: the question stands.
    if (alone.name === "") return { face: alone, texts: this.texts, same: true, unread: true };
    const together = await this.doors.judge(joined);
    if (this.adding || isGood(together)) return { face: together, texts: joined, same: true };
    if (!together.onePerson) return { face: alone, texts: ready, same: false };
    if (isGood(alone)) return { face: alone, texts: ready, same: true, another: true };
    return { face: together, texts: joined, same: true };
  }

  /** Return the texts that can be judged: parts wait for each other. @param {string[]} texts @returns {string[]} */
  whole(texts) {
    const ready = [];
    for (const text of texts) {
      if (!partOf(text)) ready.push(text);
      else ready.push(...(this.parts.take(text) ?? []));
    }
    if (this.parts.of) this.doors.part(this.parts.held.size, this.parts.of);
    return ready;
  }
}

/** @param {Face} face */
function isGood(face) {
  return face.kind === "ok" || face.kind === "genuine";
}

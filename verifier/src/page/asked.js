// What is asked at this door: by whose rules, and for which purpose.

import { RuleBook } from "../rules/book.js";
import { regionName } from "./face.js";

/** @typedef {import("./words.js").Words} Words */

export class Asked {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const { purposes, region: own } = desk.setup;
    const { rules, sentences } = desk.beside;
    const regions = new Set(purposes.map(({ region }) => region));
    /** Whose rules there are; the place's own region stands first. */
    this.regions = [...regions].sort((one, other) => Number(other === own) - Number(one === own));
    /** @type {Map<string, RuleBook>} Without words to explain them nothing is asked. */
    this.books = rules && sentences ? booksOf(rules, this.regions) : new Map();
    /** @type {string | null} the purpose of the practice card that is shown */
    this.practised = null;
  }

  /** By whose rules: what was chosen, also where those are not here any more; a practice card is for the first. */
  get region() {
    const { choices, setup } = this.desk;
    if (this.practised === null && choices.region) return choices.region;
    return this.regions[0] ?? setup.region;
  }

  get book() {
    return this.books.get(this.region) ?? null;
  }

  /** What this region has rules for. */
  get purposes() {
    return this.book === null ? [] : this.desk.setup.purposes.filter(({ region }) => region === this.region);
  }

  /** What for: what was chosen, or what a practice card is for.  Where there are no rules for it any more, nobody is let in unasked. */
  get purpose() {
    return this.practised ?? this.desk.choices.purpose;
  }

  /** In the words of an answer. @param {Words} words @returns {import("./words.js").Line} */
  line(words) {
    const found = this.purposes.find(({ id }) => id === this.purpose);
    if (!found) return { text: this.purpose || words.say("asked-genuine"), lang: null };
    const lang = words.nearest === "zh" ? "zh-Hans" : "en";
    return { text: found.words[words.nearest], lang: words.language === lang ? null : lang };
  }

  /** @param {Words} words */
  by(words) {
    return this.purpose ? regionName(this.region, { names: this.desk.names, words }) : "";
  }
}

/**
 * Return each region's rules with its own value sets, which are nobody else's: the place's, and others as the shared list has them.
 * @param {any} rules @param {string[]} regions @returns {Map<string, RuleBook>}
 */
function booksOf({ rules, valueSets, listed = [] }, regions) {
  const whole = new RuleBook(rules, valueSets);
  const books = new Map(regions.map((region) => [region, whole.of(region)]));
  for (const one of listed) books.set(one.region, new RuleBook(one.rules, one.valueSets).of(one.region));
  return books;
}

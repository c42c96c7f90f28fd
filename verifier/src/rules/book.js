// The rules that a region asks for its purposes, and what they answer to the cards of one person.
// Twin of huxin.trust.rules.book.  Instants are milliseconds since 1970; what is finer stands behind the point.

import { nextChange } from "./change.js";
import { parseRule } from "./rule.js";
import { Wallet, concerns } from "./wallet.js";

/**
 * @typedef {import("./rule.js").Rule} Rule
 * @typedef {import("./wallet.js").Card} Card
 * @typedef {import("./wallet.js").Result} Result
 * @typedef {"met" | "not-met" | "no-rules" | "fault"} Answer
 */

const MOST_TURNS = 100;
const END = 253_402_300_800_000; // of the year 9999, where Python's calendar ends

/**
 * @param {number[]} one
 * @param {number[]} other
 */
function isLater(one, other) {
  const index = one.findIndex((part, place) => part !== other[place]);
  return index >= 0 && one[index] > other[index];
}

/** Everything that one region asks. */
export class RuleBook {
  /**
   * Reads rule documents; one that cannot be read refuses the whole.
   * @param {unknown[]} documents
   * @param {Record<string, string[]>} [valueSets] the lists of codes that rules look into
   * @param {string | null} [region] whose they are, where that was chosen among several
   */
  constructor(documents, valueSets = {}, region = null) {
    this.rules = documents.map(parseRule);
    this.valueSets = valueSets;
    this.region = region;
  }

  /** What this region asks, out of the rules of several, and what issuers say of their certificates. @param {string} region */
  of(region) {
    const book = new RuleBook([], this.valueSets, region);
    book.rules = this.rules.filter((rule) => rule.ofIssuer || rule.region === region);
    return book;
  }

  /** The region where the cards are shown: whose rules count; null where several regions' do. */
  get arrival() {
    if (this.region !== null) return this.region;
    const asking = new Set(this.rules.filter((rule) => !rule.ofIssuer).map((rule) => rule.region));
    return asking.size === 1 ? [...asking][0] : null;
  }

  /** The purposes that there are rules for, in force or not. */
  purposes() {
    return new Set(this.rules.filter((rule) => !rule.ofIssuer).map((rule) => rule.purpose));
  }

  /**
   * The rules of a purpose that are in force, the latest version of each.
   * @param {string} purpose
   * @param {number} now
   */
  asked(purpose, now) {
    /** @type {Map<string, Rule>} */
    const latest = new Map();
    for (const rule of this.rules) {
      if (rule.purpose !== purpose || now < rule.validFrom || now > rule.validUntil) continue;
      const name = JSON.stringify([rule.region, rule.id]);
      const known = latest.get(name);
      if (known === undefined || isLater(rule.version, known.version)) latest.set(name, rule);
    }
    return [...latest.values()];
  }

  /**
   * Answers for the cards that one person shows.
   * @param {string} purpose
   * @param {Card[]} cards
   * @param {number} now
   */
  decide(purpose, cards, now) {
    const wallet = new Wallet(cards, this.valueSets, this.arrival);
    const [answer, found] = this.answer(purpose, wallet, now);
    const results = answer === "not-met" ? found.map((result) => wallet.explained(result, now)) : found;
    return new Decision(purpose, now, answer, results, this, wallet);
  }

  /**
   * The answer to a wallet at an instant, without the reasons.
   * @param {string} purpose
   * @param {Wallet} wallet
   * @param {number} now
   * @returns {[Answer, Result[]]}
   */
  answer(purpose, wallet, now) {
    const rules = this.asked(purpose, now);
    if (rules.every((rule) => rule.ofIssuer)) return ["no-rules", []];
    const byCard = rules.filter((rule) => rule.reads === "dcc");
    const whole = rules.filter((rule) => rule.reads === "facts").map((rule) => wallet.result(rule, null, now));
    const groups = wallet.certificates.map((one) =>
      byCard.filter((rule) => concerns(rule, one)).map((rule) => wallet.result(rule, one, now)),
    );
    const results = [...whole, ...groups.flat()];
    if (results.some((result) => result.fault)) return ["fault", results];
    const byCards = byCard.some((rule) => !rule.ofIssuer) ? groups.some(admits) : groups.every(allHold);
    return [allHold(whole) && byCards ? "met" : "not-met", results];
  }
}

/** @param {Result[]} results */
const allHold = (results) => results.every((result) => result.holds);

/** Whether a card is enough: its issuer's rules hold too, but somebody here asked for it. @param {Result[]} group */
const admits = (group) => group.some((result) => !result.rule.ofIssuer) && allHold(group);

/** What the rules of a purpose answer, and what is needed to say why and until when. */
export class Decision {
  /**
   * @param {string} purpose
   * @param {number} now
   * @param {Answer} answer
   * @param {Result[]} results
   * @param {RuleBook} book
   * @param {Wallet} wallet
   */
  constructor(purpose, now, answer, results, book, wallet) {
    this.purpose = purpose;
    this.now = now;
    this.answer = answer;
    this.results = results;
    this.book = book;
    this.wallet = wallet;
  }

  get met() {
    return this.answer === "met";
  }

  /** The first rule that does not hold, a faulty one before all others; null: there is none. */
  get deciding() {
    const faulty = this.results.find((result) => result.fault);
    return faulty ?? this.results.find((result) => !result.holds) ?? null;
  }

  /** The first instant after now at which rules that are met no longer are, or the reverse; null: not foreseeable. */
  turnsAt() {
    let { now } = this;
    for (let count = 0; count < MOST_TURNS; count += 1) {
      const later = this.next(now);
      if (later === null) return null;
      now = later;
      const [answer] = this.book.answer(this.purpose, this.wallet, now);
      if ((answer === "met") !== this.met) return now;
    }
    return null;
  }

  /**
   * The next instant at which any rule may say something else or is not the same.
   * @param {number} now
   */
  next(now) {
    const rules = this.book.rules.filter((rule) => rule.purpose === this.purpose);
    const instants = rules.flatMap((rule) => [rule.validFrom, rule.validUntil + 1]);
    for (const rule of this.book.asked(this.purpose, now)) {
      const shown = this.wallet.certificates.filter((one) => concerns(rule, one));
      for (const one of rule.reads === "dcc" ? shown : [null]) {
        const change = nextChange(rule.expression, this.wallet.data(one, now));
        if (change !== null) instants.push(change);
      }
    }
    const coming = instants.filter((instant) => instant > now && instant < END);
    return coming.length ? Math.min(...coming) : null;
  }
}

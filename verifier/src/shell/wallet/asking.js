// Will I get in?  The answer before somebody goes, with the kept cards and the rules as they were when these were kept.

import { RuleBook } from "../../rules/book.js";
import { Explainer } from "../../rules/explain.js";

/**
 * @typedef {import("./store.js").KeptWallet} KeptWallet
 * @typedef {import("./store.js").KeptCard} KeptCard
 * @typedef {import("../../rules/explain.js").Outlook} Outlook
 */

const DAY = 86_400_000;
const YEAR = 366 * DAY;

export class Asking {
  /** @param {KeptWallet} wallet @param {"zh" | "en"} language */
  constructor(wallet, language) {
    this.language = language;
    this.book = new RuleBook(wallet.rules.rules, wallet.rules.valueSets);
    this.explainer = new Explainer(wallet.words, language === "zh" ? "zh-Hans" : "en", wallet.zone);
  }

  /** The day where the rules are. @param {number} now */
  today(now) {
    return this.explainer.day(now, { exact: true }).slice(0, 10);
  }

  /** The last day that can be asked about. @param {number} now */
  lastDay(now) {
    return this.today(now + YEAR - DAY);
  }

  /**
   * What the rules say to one person's cards on a day; `null` where that is no day to ask about.
   * @param {string} purpose @param {KeptCard[]} cards @param {string} day @param {number} now @returns {Outlook | null}
   */
  answer(purpose, cards, day, now) {
    const at = day === this.today(now) ? now : Date.parse(`${day}T12:00:00Z`);
    if (Number.isNaN(at) || at < now || at - now > YEAR) return null;
    const counting = cards.filter((card) => !card.read.fault);
    if (!counting.length) {
      const { fault } = cards[0].read;
      const told = [{ rule: "", asks: "", because: [], nextStep: fault.next[this.language] }];
      return { outcome: "no", sentence: fault.text[this.language], told, turns: "" };
    }
    const ends = counting.filter((card) => card.read.expires).map((card) => Date.parse(card.read.expires));
    const decision = this.book.decide(purpose, counting.map((card) => card.read), at);
    return this.explainer.outlook(decision, ends.length ? Math.min(...ends) : null);
  }
}

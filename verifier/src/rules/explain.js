// Says in people's words why a rule is not met.  Twin of huxin.trust.rules.explain and .outlook; the words are
// those of spec/explanations.json, which the page brings along.

import * as datetimes from "./datetimes.js";
import { CLOCK } from "./change.js";

/**
 * @typedef {import("./because.js").Finding} Finding
 * @typedef {import("./because.js").Side} Side
 * @typedef {import("./book.js").Decision} Decision
 * @typedef {"zh-Hans" | "zh-Hant" | "en"} Language
 * @typedef {{rule: string, asks: string, because: string[], nextStep: string}} Explanation
 * @typedef {{outcome: string, sentence: string, told: Explanation[], turns: string}} Outlook
 */

/** @type {Record<Language, string[]>} */
const NEAREST = {
  "zh-Hans": ["zh-Hans", "zh", "zh-Hant", "en"],
  "zh-Hant": ["zh-Hant", "zh", "zh-Hans", "en"],
  en: ["en", "en-GB", "en-US"],
};
const CLOCK_FIELD = `external.${CLOCK}`;
const AFTER = ["after", "not-before", ">", ">="];
const BEFORE = ["before", "not-after", "<", "<="];
// Where a reduction found nothing it gives the date that it began with.
const NOTHING_BEFORE = "1971";
const NOTHING_AFTER = "9000";
const FIRST = -62_135_596_800_000;
const LAST = 253_402_300_799_999;

/**
 * The text in a language, else in the nearest there is, else nothing.
 * @param {Map<string, string>} texts
 * @param {Language} language
 */
export function inLanguage(texts, language) {
  const found = NEAREST[language].find((one) => texts.has(one));
  return (found === undefined ? [...texts.values()][0] : texts.get(found)) ?? "";
}

export class Explainer {
  /**
   * @param {any} words what stands in spec/explanations.json
   * @param {Language} language
   * @param {string} zone such as "Asia/Shanghai"
   */
  constructor(words, language, zone) {
    this.words = words;
    this.language = language;
    this.hours = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }); // prettier-ignore
  }

  /**
   * What is said of each rule that is not met, and the sentence about from or until when.
   * @param {Decision} decision
   * @returns {[Explanation[], string]}
   */
  explain(decision) {
    const told = decision.results.filter((result) => !result.holds).map((result) => this.of(result));
    const turn = decision.turnsAt();
    if (turn === null) return [told, ""];
    const when = this.day(turn, { last: decision.met });
    return [told, this.say(decision.met ? "met-until" : "met-from", { when })];
  }

  /**
   * What a decision means to the person; `ends` is the last instant of the first card to end.
   * @param {Decision} decision
   * @param {number | null} ends
   * @returns {Outlook}
   */
  outlook(decision, ends) {
    /** @type {(outcome: string, sentence: string, told?: Explanation[], turns?: string) => Outlook} */
    const said = (outcome, sentence, told = [], turns = "") => ({ outcome, sentence, told, turns });
    if (ends !== null && ends < decision.now) return said("no", this.dated("card-over", this.lastDay(ends)));
    if (decision.answer === "no-rules") return said("unknown", this.say("no-rules"));
    const [found, turns] = this.explain(decision);
    if (decision.answer === "fault") return said("unknown", this.say("fault"), found);
    const turn = decision.turnsAt();
    const informs = decision.results.length > 0 && decision.results.every(({ rule }) => rule.effect === "informs");
    if (decision.met) return said("yes", this.met(informs ? "complete" : "yes", turn, ends));
    const told = found.length ? found : [{ rule: "", asks: this.say("no-kind"), because: [], nextStep: "" }];
    if (informs) return said("due", this.say("due"), told, turns);
    if (turn === null) return said("no", this.say("no"), told);
    return said("not-yet", this.dated("not-yet", this.day(turn)), told);
  }

  /**
   * @param {string} word
   * @param {number | null} turn
   * @param {number | null} ends
   */
  met(word, turn, ends) {
    if (turn !== null && (ends === null || turn <= ends)) {
      return this.dated(`${word}-until`, this.day(turn, { last: true }));
    }
    return ends === null ? this.say(word) : this.dated(`${word}-until`, this.lastDay(ends));
  }

  /**
   * A sentence about a day with its weekday, which people plan by.
   * @param {string} name
   * @param {string} day
   */
  dated(name, day) {
    const weekday = (new Date(`${day.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7;
    return this.say(name, { when: this.words.weekdays[weekday][this.language], day });
  }

  /**
   * The last day of a card as its paper has it: our own cards end at noon of the next day in UTC.
   * @param {number} ends
   */
  lastDay(ends) {
    const noon = 12 * datetimes.HOUR;
    const ofDay = ((ends % datetimes.DAY) + datetimes.DAY) % datetimes.DAY;
    return ofDay === noon ? datetimes.asText(ends - noon - datetimes.DAY).slice(0, 10) : this.day(ends);
  }

  /**
   * @param {import("./book.js").Result} result
   * @returns {Explanation}
   */
  of(result) {
    const { rule } = result;
    const because = result.fault ? [this.say("fault")] : result.findings.map((one) => this.sentence(one));
    return {
      rule: `${rule.region}/${rule.id}`,
      asks: inLanguage(rule.description, this.language),
      because: [...new Set(because)],
      nextStep: inLanguage(rule.nextStep, this.language),
    };
  }

  /**
   * One comparison that decided, as a sentence.
   * @param {Finding} finding
   */
  sentence(finding) {
    const { sides, wanted } = finding;
    if (sides.length === 1) return this.say(wanted ? "absent" : "present", { field: this.field(sides[0]) });
    const clock = sides.filter((side) => side.fields.includes(CLOCK_FIELD));
    const facts = sides.filter((side) => !side.fields.includes(CLOCK_FIELD));
    if (clock.length === 1 && facts.length === 1) return this.ofTime(finding, clock[0], facts[0]);
    return this.ofValues(finding);
  }

  /**
   * Says of a comparison with the clock whether it is too early or too late.
   * @param {Finding} finding
   * @param {Side} clock
   * @param {Side} fact
   */
  ofTime(finding, clock, fact) {
    const { operator } = finding;
    if (!AFTER.includes(operator) && !BEFORE.includes(operator)) return this.say("other");
    const clockFirst = finding.sides[0] === clock;
    // The rule wants the clock to have passed the fact, or not to have passed it yet.
    const wantsLater = (AFTER.includes(operator) === clockFirst) === finding.wanted;
    const field = this.field(fact);
    if (["month", "year"].includes(clock.unit) && fact.fields.length && this.leaf(fact) === "birth") {
      const unit = this.unit(`${clock.unit}-of-age`);
      return this.say(wantsLater ? "older" : "younger", { amount: Math.abs(clock.amount), unit });
    }
    const value = String(fact.value);
    if (!(NOTHING_BEFORE <= value && value <= NOTHING_AFTER)) return this.say("no-such", { field });
    const [moved, by] = fact.amount ? [fact.amount, fact.unit] : [-clock.amount, clock.unit || "day"];
    const when = this.when(value, clock, by === "hour", !wantsLater);
    const blanks = { field, amount: Math.abs(moved), unit: this.unit(by), when };
    if (!moved) return this.say(wantsLater ? "from" : "until", blanks);
    return this.say(wantsLater ? "wait" : "over", blanks);
  }

  /**
   * The instant at which the clock, moved as the rule moves it, stands at `text`.
   * @param {string} text
   * @param {Side} clock
   * @param {boolean} exact
   * @param {boolean} last
   */
  when(text, clock, exact, last) {
    let at = datetimes.parse(text);
    if (clock.amount && datetimes.UNITS.includes(clock.unit)) {
      at = datetimes.shift(at, -clock.amount, /** @type {datetimes.Unit} */ (clock.unit));
    }
    return at < FIRST || at > LAST ? "" : this.day(at, { exact, last });
  }

  /**
   * An instant as people read it: a day where a rule's day begins, else the place's own hour.
   * @param {number} instant
   * @param {{exact?: boolean, last?: boolean}} [how]
   */
  day(instant, { exact = false, last = false } = {}) {
    const ofDay = ((instant % datetimes.DAY) + datetimes.DAY) % datetimes.DAY;
    if (ofDay < 1_000 && !exact) return datetimes.asText(last ? instant - datetimes.DAY : instant).slice(0, 10);
    const parts = Object.fromEntries(this.hours.formatToParts(instant).map(({ type, value }) => [type, value]));
    return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
  }

  /** @param {Finding} finding */
  ofValues({ sides, operator, wanted }) {
    const read = sides.filter((side) => side.fields.length);
    const fixed = sides.filter((side) => !side.fields.length);
    if (!read.length) return this.say("other");
    const field = this.field(read[0]);
    if (operator === "in") return this.say(wanted ? "not-listed" : "listed", { field });
    if (operator === "===") return this.say(wanted ? "other-value" : "same-value", { field });
    const [{ value }] = read;
    if (read.length === 2 && sides.length === 2 && wanted && operator === ">=") {
      // Two fields of one card, such as the dose and the doses of its series.
      return this.say("few", { field, value, bound: read[1].value });
    }
    if (fixed.length !== 1 || !wanted) return this.say("other");
    const doses = this.leaf(read[0]) === "vaccination";
    const bound = fixed[0].value;
    if (value === 0 && bound === 1 && !doses) return this.say("no-such", { field });
    return this.say(doses ? "few-doses" : "few", { field, value, bound });
  }

  /**
   * The field that a side reads, by its own name, whatever its place in a card.
   * @param {Side} side
   */
  leaf(side) {
    const name = side.fields[0].split(".").filter((part) => !/^[0-9]+$/.test(part)).pop() ?? "";
    return Object.hasOwn(this.words.dcc, name) ? this.words.dcc[name] : name;
  }

  /** @param {Side} side */
  field(side) {
    const { fields } = this.words;
    const name = side.fields.length ? this.leaf(side) : "";
    return (Object.hasOwn(fields, name) ? fields[name] : fields.other)[this.language];
  }

  /** @param {string} unit */
  unit(unit) {
    return this.words.units[unit][this.language];
  }

  /**
   * A sentence of the law's list, with its blanks filled.
   * @param {string} name
   * @param {Record<string, unknown>} [blanks]
   */
  say(name, blanks = {}) {
    let text = this.words.sentences[name][this.language];
    for (const [blank, filling] of Object.entries(blanks)) text = text.replaceAll(`{${blank}}`, () => String(filling));
    return text;
  }
}

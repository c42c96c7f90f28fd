// Asks the second implementation's evaluator of rules, line by line: a JSON question in, a JSON answer out.

import { createInterface } from "node:readline";

import { because } from "../../verifier/src/rules/because.js";
import { RuleBook } from "../../verifier/src/rules/book.js";
import { nextChange } from "../../verifier/src/rules/change.js";
import { evaluate } from "../../verifier/src/rules/evaluate.js";
import { Explainer } from "../../verifier/src/rules/explain.js";
import { parseLogic } from "../../verifier/src/rules/expression.js";
import { RefusalError } from "../../verifier/src/kernel/errors.js";
import { asJson, DateTime } from "../../verifier/src/rules/values.js";

const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];

// A date-time and the text of it are two things.
const told = (one) => (one instanceof DateTime ? { "date-time": one.instant } : asJson(one));

const ASKED = {
  value({ logic, data }) {
    const steps = [];
    const value = told(evaluate(parseLogic(logic), data, steps));
    const rows = steps.map((step) => [step.place, step.operator, step.operands.map(told), told(step.value)]);
    return { value, steps: rows };
  },
  change({ logic, data }) {
    return { at: nextChange(parseLogic(logic), data) };
  },
  sentences({ logic, data, words, zone }) {
    const [expression, steps] = [parseLogic(logic), []];
    evaluate(expression, data, steps);
    const found = because(expression, steps);
    return LANGUAGES.map((language) => found.map((one) => new Explainer(words, language, zone).sentence(one)));
  },
  outlook({ rules, sets, cards, purpose, at, words, zone }) {
    const decision = new RuleBook(rules, sets).decide(purpose, cards, at);
    const ends = cards.filter((card) => card.expires !== null).map((card) => Date.parse(card.expires));
    const end = ends.length ? Math.min(...ends) : null;
    return {
      answer: decision.answer,
      turns: decision.turnsAt(),
      outlooks: LANGUAGES.map((language) => new Explainer(words, language, zone).outlook(decision, end)),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...question } = JSON.parse(line);
  let answer;
  try {
    answer = ASKED[ask](question);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    answer = { code: error.code, detail: error.detail };
  }
  console.log(JSON.stringify(answer));
}

// What is chosen once: purpose, languages, looks.  And the practice cards.

import { regionName } from "./face.js";
import { all, element, fillFacts, one } from "./view.js";
import { ANSWER_LANGUAGES } from "./words.js";

/** @typedef {import("./words.js").Words} Words */

const NAMES = { "zh-Hans": "简体中文", "zh-Hant": "繁體中文", en: "English", fr: "Français", es: "Español", ru: "Русский", ar: "العربية" };

export class Choosing {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const form = /** @type {HTMLFormElement} */ (one("#begin-form"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Whose rules it is was read here; should they go away, no other region's take their place.
      desk.choose({ begun: true, camera: true, region: desk.asks.region });
      desk.sayAsked();
      desk.go("scan");
    });
    form.addEventListener("change", (event) => this.changed(/** @type {HTMLInputElement} */ (event.target)));
    for (const select of all("[data-answer-language]")) {
      const options = ANSWER_LANGUAGES.map((one) => element("option", /** @type {any} */ (NAMES)[one], { value: one, lang: one }));
      select.replaceChildren(...options);
      if ("now" in select.dataset) select.addEventListener("change", () => this.tongue(/** @type {HTMLSelectElement} */ (select).value));
    }
  }

  /** Show what is chosen. */
  fill() {
    const { desk } = this;
    const own = /** @type {Words} */ (desk.own);
    one("[data-regions]").hidden = desk.asks.regions.length < 2;
    one("[data-regions] .picks").replaceChildren(...this.regions(own));
    one("[data-purposes]").replaceChildren(...this.purposes(own));
    this.facts();
    const { choices } = desk;
    for (const name of /** @type {const} */ (["elder", "dark", "mute"])) {
      /** @type {HTMLInputElement} */ (one(`#begin-form [name=${name}]`)).checked = choices[name];
    }
    /** @type {HTMLSelectElement} */ (one("#language")).value = choices.language;
    for (const select of all("[data-answer-language]")) /** @type {HTMLSelectElement} */ (select).value = choices.answer;
  }

  /** Whose rules, and how old the list is: the part that changes by itself. */
  facts() {
    const { desk } = this;
    const own = /** @type {Words} */ (desk.own);
    const region = regionName(desk.asks.region, { names: desk.names, words: own });
    const rules = desk.asks.book === null ? own.say("rules-none") : region;
    // Where there is a choice, it says so itself.
    /** @type {[string, string][]} */
    const whose = desk.asks.book !== null && desk.asks.regions.length > 1 ? [] : [[own.say("region"), rules]];
    fillFacts(one("[data-basis]"), [...whose, [own.say("list"), desk.signs.age(own)]]);
  }

  /** @param {Words} own */
  regions(own) {
    const { desk } = this;
    return desk.asks.regions.map((region) => {
      return pick("region", { id: region, text: regionName(region, { names: desk.names, words: own }) }, desk.asks.region);
    });
  }

  /** @param {Words} own */
  purposes(own) {
    const { purposes, purpose } = this.desk.asks;
    const genuine = { id: "", text: own.say("genuine-only"), hint: own.say("genuine-only-hint") };
    const asked = purposes.map(({ id, words, effect }) => {
      return { id, text: words[own.nearest], hint: effect === "informs" ? own.say("informs-hint") : "" };
    });
    return [...asked, genuine].map((one) => pick("purpose", one, purpose));
  }

  /** @param {HTMLInputElement | HTMLSelectElement} input */
  async changed(input) {
    const { desk } = this;
    if (input.name === "purpose") desk.choose({ purpose: input.value });
    else if (input.name === "region") this.region(input.value);
    else if (input.name === "answer") desk.choose({ answer: input.value });
    else if (input.name === "language") {
      const same = desk.choices.answer === desk.choices.language;
      desk.choose({ language: input.value, ...(same ? { answer: input.value } : {}) });
    } else desk.choose({ [input.name]: /** @type {HTMLInputElement} */ (input).checked });
    if (["language", "answer"].includes(input.name)) await desk.speak();
    desk.sayAsked();
  }

  /** Another region asks for other things; what it does not ask for is not chosen any more. @param {string} region */
  region(region) {
    this.desk.choose({ region });
    const { purposes, purpose } = this.desk.asks;
    if (!purposes.some(({ id }) => id === purpose)) this.desk.choose({ purpose: "" });
    this.fill();
    /** @type {HTMLElement} */ (one("[data-regions] :checked")).focus();
  }

  /** The answer that is shown, in the language of whoever stands there. @param {string} language */
  async tongue(language) {
    this.desk.choose({ answer: language });
    await this.desk.speak();
    this.desk.drawAgain();
  }

  /** @param {boolean} training */
  fillPractice(training) {
    one("[data-practice]").hidden = !training;
    const own = /** @type {Words} */ (this.desk.own);
    const cards = this.desk.setup.practice.map((_, at) =>
      element("button", own.say("practice-card", { n: at + 1 }), {
        type: "button", class: "btn btn--2", "data-do": "practise", "data-number": String(at),
      }),
    ); // prettier-ignore
    one("[data-practice-cards]").replaceChildren(...(cards.length ? cards : [element("p", own.say("practice-none"))]));
  }
}

/** One of several to choose from. @param {string} name @param {{ id: string, text: string, hint?: string }} what @param {string} chosen */
function pick(name, { id, text, hint }, chosen) {
  const input = element("input", "", { type: "radio", name, value: id });
  /** @type {HTMLInputElement} */ (input).checked = id === chosen;
  const said = element("span", text);
  if (hint) said.append(element("small", hint));
  const label = element("label", "", { class: "pick" });
  label.append(input, said);
  return label;
}

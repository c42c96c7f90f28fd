// What the page says all the time: how old the list is, whether there is a network, and what is loudly wrong with this device.

import { ageWord, warning } from "./age.js";
import { instantNow } from "./list.js";
import { all, one, sayIn, shownScreen } from "./view.js";

/** @typedef {import("./words.js").Words} Words */

export class Signs {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** The age of the list in words. @param {Words} words */
  age(words) {
    const { word, n } = ageWord(this.desk.list.age(), instantNow().micros);
    return words.say(`age-${word}`, { n });
  }

  show() {
    const { desk } = this;
    const own = /** @type {Words} */ (desk.own);
    one("[data-age]").textContent = this.age(own);
    for (const chip of all("[data-offline]")) chip.hidden = navigator.onLine;
    const said = warning(desk.list.age(), instantNow().micros);
    const place = one("[data-warning]");
    place.dataset.warning = said?.word ?? "";
    document.documentElement.toggleAttribute("data-old", said !== null);
    sayIn(place, this.loudest(own, said));
    if (shownScreen() === "begin") desk.choosing?.facts();
  }

  /** What is wrong with the list comes before what is wrong with the browser. @param {Words} own @param {import("./age.js").Said | null} said */
  loudest(own, said) {
    const { desk } = this;
    const isAnotherRoot = said?.word === "none" && desk.list.refusal?.code === "trust-pin";
    if (said) return own.say(isAnotherRoot ? "warn-root" : `warn-${said.word}`, { n: said.n });
    if (desk.edition) return own.say("warn-edition");
    return desk.storage ? null : own.say("warn-storage");
  }
}

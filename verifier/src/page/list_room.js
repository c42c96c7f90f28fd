// The screen of the trust list: how old it is, how to get a newer one, how to hand it on.

import { ageWord } from "./age.js";
import { instantNow } from "./list.js";
import { rfc3339 } from "../kernel/instants.js";
import { fillFacts, one, sayIn } from "./view.js";

/** @typedef {import("./words.js").Words} Words */

const NAME = "list.bundle";

export class ListRoom {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    one("#list-file").addEventListener("change", async (event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const [file] = input.files ?? [];
      input.value = "";
      if (file) await this.takeFile(file);
    });
  }

  get own() {
    return /** @type {Words} */ (this.desk.own);
  }

  fill() {
    const { list, setup } = this.desk;
    const age = list.age();
    const { word, n } = ageWord(age, instantNow().micros);
    const name = { none: "list-age-none", unsure: "warn-clock", now: "list-age-minutes" }[word] ?? `list-age-${word}`;
    one("[data-age-long]").textContent = this.own.say(name, { n });
    /** @type {[string, string][]} */
    const rows = [];
    if (age) rows.push([this.own.say("list-signed"), rfc3339(age.signedAt).replace("T", " ").replace("Z", " UTC")]);
    if (list.about) rows.push([this.own.say("list-keys"), String(list.about.keys)]);
    if (setup.root) rows.push([this.own.say("list-root"), setup.root.replace(/(.{8})/g, "$1 ").trim()]);
    fillFacts(one("[data-list-facts]"), rows);
    one("[data-do=hand-on]").hidden = !age || !navigator.canShare;
    one("[data-do=save-list]").hidden = !age;
  }

  async refresh() {
    this.said(await this.desk.refresh());
  }

  /** @param {File} file */
  async takeFile(file) {
    this.said(await this.desk.list.takeFile(file));
    this.desk.tick();
  }

  /** @param {import("./list.js").Came} came */
  said(came) {
    const text = typeof came === "string" ? this.own.say(`list-${came}`) : this.failed(came);
    sayIn(one("[data-list-said]"), text);
    this.fill();
  }

  /** @param {{ code: string }} refusal */
  failed({ code }) {
    const { text, next } = this.own.ofCode(code);
    return this.own.say("list-failed", { text, next, code });
  }

  /** Hand the list to another phone by what this one has: a menu of the system. */
  async handOn() {
    const blob = await this.desk.list.file();
    if (!blob) return;
    const file = new File([blob], NAME, { type: "application/octet-stream" });
    // A phone that shares no files of this kind can still save it.
    if (!navigator.canShare?.({ files: [file] })) return this.save();
    await navigator.share({ files: [file] }).catch(() => undefined);
  }

  async save() {
    const blob = await this.desk.list.file();
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = NAME;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

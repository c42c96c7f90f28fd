// The checker's desk: holds choices, numbers and the loop, and answers every button.  What is seen is the view's.

import { isRefused } from "./age.js";
import { Asked } from "./asked.js";
import { goesOn } from "./beside.js";
import { Camera } from "./camera.js";
import { Choosing } from "./choosing.js";
import { Counts } from "./counts.js";
import { Eye } from "./eye.js";
import { judged, told } from "./judge.js";
import { instantNow } from "./list.js";
import { ListRoom } from "./list_room.js";
import { Loop } from "./loop.js";
import { Signs } from "./signs.js";
import { tell } from "./sound.js";
import { all, one, sayAll, sayIn, showAnswer, showScreen, shownScreen } from "./view.js";
import { WaysIn } from "./ways_in.js";
import { Explainer } from "../rules/explain.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./face.js").Face} Face */
/** @typedef {import("./beside.js").Beside} Beside */

const MINUTE = 60_000;
const REFRESH_EVERY = 15 * MINUTE;

export class Desk {
  /**
   * @param {{ beside: Beside, look: () => Promise<Beside>, list: import("./list.js").TrustList, kept: import("./kept.js").Kept,
   *   library: import("./words.js").Library, language: string, shell: { lookForNewEdition(): Promise<void>, useNewEdition(): void } }} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.beside = parts.beside;
    this.setup = parts.beside.setup;
    /** @type {Beside | null} what came to lie there since, for the next person */
    this.newer = null;
    this.list = parts.list;
    this.choices = parts.kept.choices({
      begun: false, region: "", purpose: "", language: parts.language, answer: parts.language, elder: false, dark: false, mute: false,
      camera: true, facing: "environment",
    }); // prettier-ignore
    this.counts = new Counts(parts.kept, this.setup.zone);
    this.training = false;
    this.edition = false;
    this.storage = true;
    this.shownAt = 0;
    this.refreshedAt = 0;
    /** @type {import("./judge.js").Judged | null} what the answer on the screen was made of, so that it can be said in another language */
    this.found = null;
    this.another = false;
    this.asks = new Asked(this);
    this.signs = new Signs(this);
    this.eye = new Eye(() => this.own && shownScreen() === "scan" && this.trouble("trouble-reader"));
    this.camera = new Camera({
      video: /** @type {HTMLVideoElement} */ (one("[data-video]")),
      read: (video) => this.eye.frame(video),
      found: (texts) => this.seen(texts),
      said: (state) => this.cameraSaid(state),
    });
    this.loop = new Loop({
      judge: (texts) => this.judge(texts),
      show: (face, about) => this.show(face, about),
      part: (n, of) => this.part(n, of),
      same: () => this.sayCamera("camera-same"),
    });
    /** @type {Map<Face, import("./judge.js").Judged>} */
    this.made = new Map();
  }

  /** Open the page: the words, then the screen where things were left. */
  async open() {
    this.choosing = new Choosing(this);
    this.listRoom = new ListRoom(this);
    await this.speak();
    this.dress();
    new WaysIn(this).listen();
    this.eye.begin();
    this.go(this.choices.begun ? "scan" : "begin");
    this.refresh();
    setInterval(() => this.tick(), MINUTE);
  }

  /** Load the words of the languages that were chosen, and say everything anew. */
  async speak() {
    const { library } = this.parts;
    const other = this.choices.language === "en" ? "zh-Hans" : "en";
    /** @type {Words} */
    this.own = await library.get(this.choices.language);
    /** @type {Words} */
    this.other = await library.get(other);
    /** @type {Words} */
    this.words = await library.get(this.choices.answer).catch(() => /** @type {Words} */ (this.own));
    sayAll(this.own, this.other);
    document.title = this.own.say("brand");
    this.choosing?.fill();
    this.tick();
    this.sayCounts();
    this.sayAsked();
    this.cameraSaid(this.camera.isOn ? "ready" : "off");
  }

  dress() {
    const page = document.documentElement;
    page.classList.toggle("elder", this.choices.elder);
    page.dataset.theme = this.choices.dark ? "dark" : "light";
    for (const button of all("[data-do=mute]")) button.setAttribute("aria-pressed", String(this.choices.mute));
    one("[data-test]").hidden = this.setup.environment === "production";
    one("[data-appeal]").hidden = !this.setup.appeals;
    one("[data-appeal-at]").textContent = this.setup.appeals;
    for (const mark of all("[data-training]")) mark.hidden = !this.training;
    page.toggleAttribute("data-practising", this.training);
  }

  /** @param {Partial<import("./kept.js").Choices>} changed */
  choose(changed) {
    this.choices = { ...this.choices, ...changed };
    this.parts.kept.keepChoices(this.choices);
    this.dress();
  }

  /** What regions are called: by the setup, else as they call themselves. */
  get names() {
    const listed = Object.entries(this.list.names).map(([code, name]) => [code, { zh: name.zh ?? code, en: name.en ?? code }]);
    return { ...Object.fromEntries(listed), ...this.setup.names };
  }

  sayAsked() {
    const own = /** @type {Words} */ (this.own);
    one("[data-asked]").textContent = this.asks.line(own).text;
    one("[data-asked-by]").textContent = this.asks.purpose ? own.say("asked-by-rules", { region: this.asks.by(own) }) : "";
  }

  /** @param {string} name @param {boolean} [same] the person who stood there goes on */
  go(name, same = false) {
    sayIn(one("[data-trouble]"), null);
    if (name !== "answer") this.asks.practised = null;
    if (name !== "answer" && shownScreen() === "answer" && !same) this.loop.next();
    if (name !== "answer") this.lay();
    if (name !== "answer" && name !== "scan") this.loop.lookAnew();
    showScreen(name);
    if (name === "list") this.listRoom?.fill();
    if (name === "begin") this.choosing?.fill();
    if (name === "scan") this.toScan();
    else if (name !== "answer") this.camera.stop("off");
    const target = name === "answer" ? one("#next") : one(`#${name}`);
    target.focus({ preventScroll: true });
  }

  toScan() {
    this.sayCounts();
    this.choosing?.fillPractice(this.training);
    if (this.edition) {
      this.edition = false;
      this.parts.shell.useNewEdition();
    }
    if (this.camera.isOn) {
      this.camera.showIn(one("[data-view]"));
      this.cameraSaid("ready");
    } else if (this.choices.camera) this.openCamera();
  }

  next() {
    this.found = null;
    this.made.clear();
    this.go("scan");
  }

  newEdition() {
    this.edition = true;
    if (shownScreen() === "begin") this.parts.shell.useNewEdition();
    else this.tick();
  }

  storageTroubled() {
    this.storage = false;
    if (this.own) this.tick();
  }

  /** @param {string[]} texts @returns {Promise<Face>} */
  async judge(texts) {
    const { list, asks, setup } = this;
    const found = await judged(texts, { list, rules: asks.book, purpose: asks.purpose, environment: setup.environment });
    const face = told(found, this.telling());
    this.made.set(face, found);
    return face;
  }

  /** @returns {import("./face.js").Telling} */
  telling() {
    const { sentences } = this.beside;
    return {
      words: /** @type {Words} */ (this.words),
      own: /** @type {Words} */ (this.own),
      now: instantNow(),
      zone: this.setup.zone,
      names: this.names,
      explainer: (language) => new Explainer(sentences, /** @type {any} */ (language), this.setup.zone),
    };
  }

  /** @param {Face} face @param {{ again: string | null, another: boolean }} about */
  show(face, { again, another }) {
    this.found = this.made.get(face) ?? null;
    this.made.clear();
    this.another = another;
    // What is no card at all is nobody's answer.
    if (!this.training && face.code !== "prefix") this.counts.count(face.kind, again);
    // The alert is heard when its words change while it is seen.
    if (shownScreen() !== "answer") showScreen("answer");
    this.draw(face);
    sayIn(one("[data-adding]"), this.loop.adding ? /** @type {Words} */ (this.own).say("adding") : null);
    if (!this.choices.mute) tell(face.kind);
    this.shownAt = performance.now();
    const peep = one("[data-peep]");
    peep.hidden = !this.camera.isOn;
    if (this.camera.isOn) this.camera.showIn(peep);
    one("#next").focus({ preventScroll: true });
  }

  /** @param {Face} face */
  draw(face) {
    const words = /** @type {Words} */ (this.words);
    const own = /** @type {Words} */ (this.own);
    const second = words.language !== own.language ? own : /** @type {Words} */ (this.other);
    const said = {
      words, own, second, asked: this.asks.line(words), askedBy: this.asks.by(words), age: this.signs.age(words),
      counts: this.counts.line(words), another: this.another, old: face.code === "too-old" || isRefused(this.list.age()),
    }; // prettier-ignore
    showAnswer(face, said);
  }

  /** The same answer in another language. */
  drawAgain() {
    if (this.found) this.draw(told(this.found, this.telling()));
  }

  /** @param {string[]} texts @param {string | null} practised what a practice card is for; nobody else's is */
  async take(texts, practised = null) {
    this.asks.practised = practised;
    sayIn(one("[data-trouble]"), null);
    try {
      await this.loop.take(texts);
    } catch {
      this.loop.next();
      this.trouble("trouble-fault");
    }
  }

  /** @param {string} name */
  trouble(name) {
    if (shownScreen() !== "scan") this.go("scan");
    sayIn(one("[data-trouble]"), /** @type {Words} */ (this.own).say(name));
  }

  /** @param {number} n @param {number} of */
  part(n, of) {
    if (shownScreen() !== "scan") this.go("scan", true);
    this.sayCamera("camera-chunks", { n, of });
  }

  /** @param {string[]} texts */
  async seen(texts) {
    if (!["scan", "answer"].includes(shownScreen())) return;
    if (texts.length) this.asks.practised = null;
    try {
      await this.loop.frame(texts);
    } catch {
      this.loop.next();
      this.trouble("trouble-fault");
    }
  }

  async openCamera() {
    this.camera.facing = this.choices.facing;
    await this.camera.start();
    if (!this.camera.isOn) return;
    this.camera.showIn(shownScreen() === "answer" ? one("[data-peep]") : one("[data-view]"));
    this.cameraSaid("ready");
  }

  /** @param {import("./camera.js").State} state */
  cameraSaid(state) {
    one(".camera").dataset.camera = state;
    this.sayCamera(`camera-${state}`);
    const on = this.camera.isOn;
    one("[data-video]").hidden = !on;
    one("#camera-start").hidden = on || state === "missing" || state === "insecure";
    one("#camera-stop").hidden = !on;
    one("[data-do=turn]").hidden = !on;
    one("[data-do=torch]").hidden = !on || !this.camera.hasTorch;
    if (!on) one("[data-peep]").hidden = true;
  }

  /** @param {string} name @param {Record<string, number>} [blanks] */
  sayCamera(name, blanks) {
    const said = /** @type {Words} */ (this.own).say(name, blanks);
    const place = one("[data-camera-say]");
    if (place.textContent !== said) place.textContent = said;
  }

  /** Say what changes with time, and look for a newer list where nobody waits for an answer. */
  tick() {
    this.signs.show();
    if (Date.now() - this.refreshedAt > REFRESH_EVERY && navigator.onLine && shownScreen() !== "answer") this.refresh();
  }

  async refresh() {
    this.refreshedAt = Date.now();
    // A page that stands open for days learns of its own new version, too.
    this.parts.shell.lookForNewEdition();
    const [came] = await Promise.all([this.list.refresh(), this.lookBeside()]);
    await this.list.obey(this.setup.policy);
    this.tick();
    if (shownScreen() === "list") this.listRoom?.fill();
    return came;
  }

  /** Look at what lies beside the page; nobody's answer changes while it is read. */
  async lookBeside() {
    const found = await this.parts.look().catch(() => null);
    if (found && found.mark !== this.beside.mark && goesOn(found, this.beside)) this.newer = found;
    if (shownScreen() !== "answer") this.lay();
  }

  /** From the next person on, what came to lie there is gone by. */
  lay() {
    if (!this.newer) return;
    [this.beside, this.setup, this.newer] = [this.newer, this.newer.setup, null];
    this.asks = new Asked(this);
    this.loop.lookAnew();
    this.dress();
    this.choosing?.fill();
    this.sayAsked();
  }

  sayCounts() {
    one("[data-counts]").textContent = this.counts.line(/** @type {Words} */ (this.own));
  }

  /** @param {boolean} on */
  train(on) {
    this.training = on;
    this.loop.next();
    this.choose({ begun: true, region: this.asks.region });
    this.go("scan");
  }
}

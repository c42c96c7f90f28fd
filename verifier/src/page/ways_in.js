// How a code, or the checker's own wish, comes in: keys, scanner, pasted text, files, buttons, and a page that is left and found again.

import { MAX_INPUT, cardsAmong } from "../reading.js";
import { DEEDS } from "./deeds.js";
import { MAX_PICTURE_BYTES } from "./picture_size.js";
import { allowSound } from "./sound.js";
import { one, shownScreen } from "./view.js";
import { Wedge } from "./wedge.js";

// A scanner that ends with two line ends must not skip the answer.
const GUARD = 400;
const MOST_LINES = 16;
const TEXT = /\.(smart-health-card|json|txt)$/i;

export class WaysIn {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** @param {Iterable<File>} files */
  async files(files) {
    /** @type {string[]} */
    const texts = [];
    let fault = "picture";
    for (const file of [...files].slice(0, MOST_LINES)) {
      const found = await this.read(file);
      texts.push(...found.texts);
      fault = found.fault ?? fault;
    }
    if (texts.length) await this.desk.take([...new Set(texts)]);
    else this.desk.trouble(`trouble-${["too-big", "reader"].includes(fault) ? fault : "picture"}`);
  }

  /** A picture, or the file of a health card, which is text. @param {File} file @returns {Promise<{ texts: string[], fault: string | null }>} */
  async read(file) {
    if (file.size > MAX_PICTURE_BYTES) return { texts: [], fault: "too-big" };
    if (!TEXT.test(file.name)) {
      const { texts, fault } = await this.desk.eye.still(file);
      return { texts: cardsAmong(texts), fault };
    }
    return file.size > MAX_INPUT ? { texts: [], fault: "too-big" } : { texts: [await file.text()], fault: null };
  }

  /** One code a line; a health card's file is one text. @param {string} text */
  async pasted(text) {
    const whole = text.trim();
    if (!whole) return;
    const lines = whole.startsWith("{") ? [whole] : whole.split(/[\r\n]+/).filter((line) => line.trim());
    await this.desk.take(lines.slice(0, MOST_LINES));
  }

  listen() {
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("pointerdown", allowSound, { passive: true });
    document.addEventListener("keydown", allowSound, { passive: true });
    new Wedge({ take: (text) => this.scanned(text), press: (key, event) => this.pressed(key, event) }).listen(document);
    one("#paste-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = /** @type {HTMLTextAreaElement} */ (one("#paste"));
      const text = field.value;
      field.value = "";
      this.pasted(text);
    });
    one("#file").addEventListener("change", (event) => this.filesOf(/** @type {HTMLInputElement} */ (event.target)));
    this.listenToTheWorld();
  }

  listenToTheWorld() {
    document.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    document.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      if (shownScreen() === "list") this.desk.listRoom?.takeFile(event.dataTransfer.files[0]);
      else this.files(event.dataTransfer.files);
    });
    document.addEventListener("paste", (event) => this.pastedAnywhere(event));
    document.addEventListener("visibilitychange", () => this.looked());
    for (const name of ["online", "offline"]) addEventListener(name, () => this.networkTurned());
    addEventListener("pagehide", () => this.desk.camera.stop("off"));
    addEventListener("pageshow", (event) => event.persisted && shownScreen() === "scan" && this.desk.choices.camera && this.desk.openCamera());
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-do], [data-go]"));
    if (!button) return;
    // A key, not a finger: it may be the second line end of a scanner.
    if (button.id === "next" && event.detail === 0 && performance.now() - this.desk.shownAt < GUARD) return;
    if (button.dataset.go) this.desk.go(button.dataset.go);
    else DEEDS[button.dataset.do ?? ""]?.(this.desk, button);
  }

  /** @param {string} text */
  scanned(text) {
    if (shownScreen() === "begin") return;
    this.desk.take([text]);
  }

  /** The checker's own keys. @param {string} key @param {KeyboardEvent} event */
  pressed(key, event) {
    if (shownScreen() !== "answer") return key === "Escape" && shownScreen() !== "begin" ? this.desk.go("scan") : undefined;
    const target = /** @type {HTMLElement} */ (event.target);
    if (key !== "Escape" && target.closest("button, a, summary, select, input")) return undefined;
    if (performance.now() - this.desk.shownAt < GUARD) return undefined;
    event.preventDefault();
    return this.desk.next();
  }

  /** @param {HTMLInputElement} input */
  async filesOf(input) {
    const chosen = [...(input.files ?? [])];
    input.value = "";
    if (chosen.length) await this.files(chosen);
  }

  /** @param {ClipboardEvent} event */
  pastedAnywhere(event) {
    const data = event.clipboardData;
    const isField = event.target instanceof HTMLElement && event.target.matches("textarea, input");
    if (!data || !["scan", "answer"].includes(shownScreen())) return;
    if (data.files.length) this.files(data.files);
    else if (!isField) this.pasted(data.getData("text"));
    else return;
    event.preventDefault();
  }

  looked() {
    if (document.hidden) this.desk.camera.stop("off");
    else if (this.desk.choices.camera && ["scan", "answer"].includes(shownScreen())) this.desk.openCamera();
    if (!document.hidden) this.desk.tick();
  }

  networkTurned() {
    this.desk.tick();
    if (navigator.onLine) this.desk.refresh();
  }}

// A scanner that types like a keyboard: its keys are gathered wherever the page is, up to the line end that it sends.
//
// - keys that go into a field of the page are left alone
// - a space may be part of a code; with nothing gathered it is the checker's own key, and so is Enter

// Scanners send a key every few thousandths of a second; a page that is busy hands them on later.
const PAUSE = 1_000;
const SHORTEST = 8;
export const LONGEST = 20_000;

/** Gathers keys; `take` gets a code, `press` a key that the checker means. */
export class Wedge {
  /** @param {{ take: (text: string) => void, press: (key: string, event: KeyboardEvent) => void }} doors */
  constructor({ take, press }) {
    this.take = take;
    this.press = press;
    this.keys = "";
    this.last = -Infinity;
  }

  /** @param {Document} page */
  listen(page) {
    page.addEventListener("keydown", (event) => this.key(event), { capture: true });
    // A button is pressed by the release of the space bar.
    page.addEventListener("keyup", (event) => this.keys && event.key === " " && event.preventDefault(), { capture: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isField(event.target)) return;
    if (event.timeStamp - this.last > PAUSE) this.keys = "";
    const gathered = this.keys.length > 0;
    if (event.key === "Enter" || event.key === "Tab") this.end(event);
    else if (event.key.length === 1 && (gathered || event.key !== " ")) this.gather(event);
    else if (event.key.length === 1 || event.key === "Escape") this.press(event.key, event);
  }

  /** @param {KeyboardEvent} event */
  gather(event) {
    this.last = event.timeStamp;
    if (this.keys.length < LONGEST) this.keys += event.key;
    if (event.key === " ") event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  end(event) {
    const text = this.keys;
    this.keys = "";
    if (text.length >= SHORTEST) {
      event.preventDefault();
      this.take(text);
    } else if (event.key === "Enter") this.press("Enter", event);
  }
}

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof Element && target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=file])");
}

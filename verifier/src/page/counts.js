// Numbers of the day, by kind of answer.  Of nobody, and in this window only.

import { Instant } from "../kernel/instants.js";
import { dayIn } from "./days.js";

const KINDS = ["genuine", "ok", "check", "no", "unk", "no-code"];
const ALWAYS = ["ok", "check", "no", "unk"];

export class Counts {
  /** @param {import("./kept.js").Kept} kept @param {string} zone */
  constructor(kept, zone) {
    this.kept = kept;
    this.day = dayIn(zone);
  }

  get today() {
    return this.kept.counts(this.day(new Instant(Date.now() * 1000)));
  }

  /** Count one more; with another card of the same person their first answer is taken back. @param {string} kind @param {string | null} insteadOf */
  count(kind, insteadOf) {
    const held = this.today;
    if (insteadOf && held.numbers[insteadOf] > 0) held.numbers[insteadOf] -= 1;
    held.numbers[kind] = (held.numbers[kind] ?? 0) + 1;
    this.kept.keepCounts(held);
  }

  anew() {
    this.kept.keepCounts({ ...this.today, numbers: {} });
  }

  /** Today's numbers as a line; a number stays with its word. @param {import("./words.js").Words} words */
  line(words) {
    const { numbers } = this.today;
    const told = KINDS.filter((kind) => ALWAYS.includes(kind) || numbers[kind] > 0);
    const parts = told.map((kind) => `${words.say(`count-${kind}`)}\u00a0${numbers[kind] ?? 0}`);
    return words.say("today") + parts.join(words.nearest === "zh" ? "　" : "\u00a0· ");
  }
}

// What the page says, by language.  The page itself speaks two; an answer speaks seven, one of them from right to left.

/** @typedef {{ language: string, name: string, direction: "ltr" | "rtl", answer: Record<string, string>,
 *   page?: Record<string, string>, codes: Record<string, { text: string, next: string }> }} Table */
/** @typedef {{ text: string, lang: string | null }} Line words, and their language where it is not that of the page around */

export const PAGE_LANGUAGES = ["zh-Hans", "en"];
export const ANSWER_LANGUAGES = ["zh-Hans", "zh-Hant", "en", "fr", "es", "ru", "ar"];

/** The sentences of one language. */
export class Words {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    this.language = table.language;
    this.direction = table.direction;
    this.sentences = { ...table.answer, ...table.page };
  }

  /** Return a sentence with its blanks filled. @param {string} name @param {Record<string, string | number>} [blanks] */
  say(name, blanks = {}) {
    const text = this.sentences[name] ?? name;
    // Among letters from right to left a day such as 2027-08-18 would be shown with its year last.
    const [open, close] = this.direction === "rtl" ? ["\u2068", "\u2069"] : ["", ""];
    return text.replace(/\{([a-z]+)\}/g, (whole, blank) => (blank in blanks ? `${open}${blanks[blank]}${close}` : whole));
  }

  /** Return what is said of a code of the register: the reason, and what to do. @param {string} code */
  ofCode(code) {
    return this.table.codes[code] ?? { text: code, next: this.say("staffed-lane") };
  }

  /** Return which of the two tongues of names and rules is nearest: `zh` or `en`. */
  get nearest() {
    return this.language.startsWith("zh") ? "zh" : "en";
  }
}

/** Every language that was asked for so far. */
export class Library {
  /** @param {(name: string) => Promise<any>} load */
  constructor(load) {
    this.load = load;
    /** @type {Map<string, Promise<Words>>} */
    this.held = new Map();
  }

  /** Return the words of a language; a table that does not come is asked for again next time. @param {string} language @returns {Promise<Words>} */
  get(language) {
    const there = this.held.get(language);
    if (there) return there;
    const coming = this.load(`languages/${language}.json`).then((table) => new Words(table));
    this.held.set(language, coming);
    coming.catch(() => this.held.delete(language));
    return coming;
  }
}

/** Return the language of a browser that fits best. @param {readonly string[]} wanted @param {string[]} offered @returns {string} */
export function bestLanguage(wanted, offered) {
  for (const one of wanted) {
    const [tongue, ...rest] = one.toLowerCase().split("-");
    const traditional = rest.some((part) => ["hant", "tw", "hk", "mo"].includes(part));
    const name = tongue === "zh" ? (traditional && offered.includes("zh-Hant") ? "zh-Hant" : "zh-Hans") : tongue;
    if (offered.includes(name)) return name;
  }
  return "en";
}

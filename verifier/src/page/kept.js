// What stays on this device: choices, numbers of the day, and the trust list.  Never a card, a name or an answer.
//
// A browser may keep nothing, run full, or have been wiped: then memory serves until the page is closed, and the page says so.

// Two copies in two folders of one address do not meet.
const DATABASE = `huxin-verifier-${new URL(".", document.baseURI).pathname}`;
const CHOICES = `${DATABASE}-choices`;
const COUNTS = `${DATABASE}-counts`;
const STORE = "held";
const LIST = "list";

/**
 * @typedef {{ begun: boolean, region: string, purpose: string, language: string, answer: string, elder: boolean, dark: boolean,
 *   mute: boolean, camera: boolean, facing: "environment" | "user" }} Choices
 * @typedef {{ day: string, numbers: Record<string, number> }} Counts
 */

/** The keeper of these three. */
export class Kept {
  /** @param {() => void} troubled is called when the browser refuses to keep something */
  constructor(troubled) {
    this.troubled = troubled;
    /** @type {Record<string, string>} */
    this.memory = {};
  }

  /** @param {Choices} otherwise @returns {Choices} */
  choices(otherwise) {
    return { ...otherwise, ...this.read(() => localStorage, CHOICES) };
  }

  /** @param {Choices} choices */
  keepChoices(choices) {
    this.write(() => localStorage, CHOICES, choices);
  }

  /** Return the numbers of a day; those of another day are over. @param {string} day @returns {Counts} */
  counts(day) {
    const held = this.read(() => sessionStorage, COUNTS);
    const numbers = held?.day === day && typeof held.numbers === "object" ? held.numbers : {};
    return { day, numbers: { ...numbers } };
  }

  /** @param {Counts} counts */
  keepCounts(counts) {
    this.write(() => sessionStorage, COUNTS, counts);
  }

  /** @param {() => Storage} store @param {string} name @returns {any} */
  read(store, name) {
    let text = this.memory[name] ?? null;
    try {
      text = store().getItem(name) ?? text;
    } catch {
      this.troubled();
    }
    try {
      const read = JSON.parse(text ?? "null");
      return typeof read === "object" ? read : null;
    } catch {
      return null;
    }
  }

  /** @param {() => Storage} store @param {string} name @param {object} value */
  write(store, name, value) {
    this.memory[name] = JSON.stringify(value);
    try {
      store().setItem(name, this.memory[name]);
    } catch {
      this.troubled();
    }
  }

  /**
   * Do something while no other page of this folder does; where a browser has no locks it is done all the same.
   * @template T @param {() => Promise<T>} deed @returns {Promise<T>}
   */
  async alone(deed) {
    return navigator.locks ? await navigator.locks.request(DATABASE, deed) : deed();
  }

  /** Return the trust list that is kept, or nothing. @returns {Promise<Uint8Array | null>} */
  async list() {
    try {
      const found = await asked(await database(), "readonly", (store) => store.get(LIST));
      return found instanceof Uint8Array ? found : null;
    } catch {
      this.troubled();
      return null;
    }
  }

  /** @param {Uint8Array} bytes */
  async keepList(bytes) {
    try {
      await asked(await database(), "readwrite", (store) => store.put(bytes, LIST));
      await navigator.storage?.persist?.();
    } catch {
      this.troubled();
    }
  }
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((done, refused) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE));
    opening.addEventListener("success", () => done(opening.result));
    opening.addEventListener("error", () => refused(opening.error));
    opening.addEventListener("blocked", () => refused(new Error("blocked")));
  });
}

/** @param {IDBDatabase} opened @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask @returns {Promise<any>} */
function asked(opened, mode, ask) {
  return new Promise((done, refused) => {
    const deal = opened.transaction(STORE, mode);
    const request = ask(deal.objectStore(STORE));
    deal.addEventListener("complete", () => done(request.result));
    deal.addEventListener("abort", () => refused(deal.error));
    deal.addEventListener("error", () => refused(deal.error));
  }).finally(() => opened.close());
}

// What lies beside the page: whose door it is, what is asked there, and in which words.  It may change while a page stands open.

import { readSetup } from "./setup.js";

/** @typedef {{ setup: import("./setup.js").Setup, rules: any, sentences: any, mark: string }} Beside `mark` tells two of them apart */

/** Return what lies there now; rejects where no setup does. @param {(name: string) => Promise<any>} fetched @returns {Promise<Beside>} */
export async function lookBeside(fetched) {
  const [setup, rules, sentences] = await Promise.all([
    fetched("data/setup.json").then(readSetup),
    fetched("data/rules.json").catch(() => null),
    fetched("data/words.json").catch(() => null),
  ]);
  return { setup, rules, sentences, mark: JSON.stringify([setup, rules, sentences]) };
}

/**
 * Tell whether a page may go on with what lies there now.  Another place, another list's beginning, and rules that are not
 * to be had are nothing to go on with while people are checked: an open page stays with what it has.
 * @param {Beside} found @param {Beside} before
 */
export function goesOn(found, before) {
  const lost = (before.rules && !found.rules) || (before.sentences && !found.sentences);
  const [one, other] = [found.setup, before.setup];
  return !lost && one.region === other.region && one.root === other.root && one.environment === other.environment;
}

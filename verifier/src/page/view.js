// The page as it is seen: which screen, which words in which place.  Nothing here decides anything.

/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./words.js").Line} Line */
/** @typedef {import("./face.js").Face} Face */

export const SCREENS = ["begin", "scan", "answer", "no-code", "list"];
const CJK = /[\u2e80-\u9fff\uf900-\ufaff]|[\u{20000}-\u{3ffff}]/u;
const LATIN = /[a-zà-ÿ]/i;
const LONG_NAME = 11;

/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement} */
export function one(selector, root = document) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}

/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement[]} */
export function all(selector, root = document) {
  return [...root.querySelectorAll(selector)].map((each) => /** @type {HTMLElement} */ (each));
}

/** Show one screen and no other. @param {string} name */
export function showScreen(name) {
  for (const id of SCREENS) one(`#${id}`).hidden = id !== name;
  one("[data-head]").hidden = name === "answer";
  document.documentElement.dataset.screen = name;
  window.scrollTo(0, 0);
}

/** The screen that is shown. */
export function shownScreen() {
  return document.documentElement.dataset.screen ?? "";
}

/** Put the words of the page's language in their places. @param {Words} words @param {Words} other the second language, for what is said in both */
export function sayAll(words, other) {
  const page = document.documentElement;
  page.lang = words.language;
  for (const place of all("[data-say]")) {
    const from = "other" in place.dataset ? other : words;
    place.textContent = from.say(place.dataset.say ?? "");
    if (from === other) place.lang = other.language;
  }
}

/** Say something in a place that is hidden where nothing is said. @param {HTMLElement} place @param {string | null} text */
export function sayIn(place, text) {
  if (place.textContent !== (text ?? "")) place.textContent = text ?? "";
  place.hidden = !text;
}

/** Fill a list of terms. @param {HTMLElement} list @param {[string, string][]} rows */
export function fillFacts(list, rows) {
  list.replaceChildren(...rows.flatMap(([term, text]) => [element("dt", term), element("dd", text)]));
}

/** @param {string} name @param {string} text @param {Record<string, string>} [properties] @returns {HTMLElement} */
export function element(name, text, properties = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [property, value] of Object.entries(properties)) made.setAttribute(property, value);
  return made;
}

/** Lines beside each other, a dot between that stays with what it follows. @param {HTMLElement} place @param {Line[]} lines */
function fillLines(place, lines) {
  place.replaceChildren(
    ...lines.flatMap((line, at) => {
      const said = element("span", line.text, line.lang ? { lang: line.lang, dir: "auto" } : {});
      return at ? [document.createTextNode("\u00a0· "), said] : [said];
    }),
  );
  place.hidden = lines.length === 0;
}

/** A name: its language is marked where it is not that of the words around, and it may wrap at `·`. @param {HTMLElement} place @param {string} name @param {Words} words */
function fillName(place, name, words) {
  const own = element("bdi", "");
  for (const [at, part] of name.split("·").entries()) {
    if (at) own.append("·", document.createElement("wbr"));
    own.append(part);
  }
  const han = CJK.test(name);
  if (words.nearest === "en" && han) own.lang = "zh-Hans";
  else if (words.nearest === "zh" && LATIN.test(name) && !han) own.lang = "en";
  place.replaceChildren(own);
}

/** Tell whether a name has to be set smaller: past five characters, or about as many letters. @param {string} name */
function isLong(name) {
  return [...name].reduce((sum, letter) => sum + (CJK.test(letter) ? 2 : 1), 0) > LONG_NAME;
}

/**
 * Show an answer: the whole screen, and one sentence for those who hear it.
 * @param {Face} face
 * @param {{ words: Words, own: Words, second: Words, asked: Line, askedBy: string, age: string, counts: string, another: boolean, old: boolean }} about
 */
export function showAnswer(face, about) {
  const { words, second } = about;
  const main = one("#answer");
  const slot = (/** @type {string} */ name) => one(`[data-slot="${name}"]`, main);
  const put = (/** @type {string} */ name, /** @type {string} */ text) => sayIn(slot(name), text);
  main.className = `verdict verdict--${face.kind}`;
  main.dataset.outcome = face.kind;
  main.dataset.code = face.code;
  main.lang = words.language;
  main.dir = words.direction;
  slot("shape").setAttribute("href", `#v-${face.kind}`);
  put("word", words.say(face.word));
  put("other", second.say(face.word));
  slot("other").lang = second.language;
  fillLines(slot("asked"), [about.asked]);
  put("asked-by", about.askedBy);
  put("age", about.age);
  slot("specimen").hidden = !face.specimen;
  put("specimen-word", words.say("specimen"));
  put("specimen-other", second.say("specimen"));
  slot("specimen-other").lang = second.language;
  one("[data-slot=who]", main).hidden = !face.name;
  fillName(slot("name"), face.name, words);
  slot("name").classList.toggle("verdict__name--long", isLong(face.name));
  put("born", words.say("born", { year: face.born }));
  put("unverified", face.unverified ? words.say("unverified") : "");
  put("latin", face.latin);
  slot("latin").lang = "en";
  fillReasons(slot, face, about);
  fillButtons(face, about);
  put("counts", about.counts);
  slot("said").textContent = "";
  slot("said").textContent = sentence(face, words);
}

/** @param {(name: string) => HTMLElement} slot @param {Face} face @param {{ words: Words, another: boolean }} about */
function fillReasons(slot, face, { words, another }) {
  slot("because-label").textContent = words.say("because-label");
  slot("then-label").textContent = words.say("then-label");
  fillLines(slot("because"), [face.because]);
  const before = another ? [{ text: words.say("another-counts"), lang: null }] : [];
  fillLines(slot("because-more"), [...before, ...face.becauseMore]);
  fillLines(slot("then"), [face.then]);
  fillLines(slot("then-more"), face.thenMore ? [face.thenMore] : []);
}

/** The buttons are the checker's, and speak their language. @param {Face} face @param {{ own: Words, old: boolean }} about */
function fillButtons(face, { own, old }) {
  const main = one("#answer");
  one("#next").textContent = own.say(old ? "renew" : "next");
  one("#next").dataset.do = old ? "renew" : "next";
  for (const name of ["add", "staffed", "mute", "tongue-label", "offline"]) one(`[data-slot="${name}"]`, main).textContent = own.say(name);
  for (const button of all("#next, .verdict__also", main)) button.lang = own.language;
  const helps = face.name !== "" && !old && face.kind !== "genuine" && face.kind !== "ok";
  one("#add").hidden = !helps;
  one("[data-adding]").hidden = true;
}

/** The one sentence: outcome, whose card, because, what to do. @param {Face} face @param {Words} words */
function sentence(face, words) {
  const stop = words.say("stop");
  const comma = words.say("comma");
  const who = face.name
    ? [`${face.name}${comma}${words.say("born", { year: face.born })}${face.unverified ? comma + words.say("unverified") : ""}`]
    : [];
  return [words.say(face.word), ...who, face.because.text, face.then.text, ""].join(stop).trim();
}

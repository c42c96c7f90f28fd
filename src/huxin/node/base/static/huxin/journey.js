// Will I get in?  With a script the answer is computed here: what the page needs came with it, and no request
// is sent afterwards.  Text and files are still answered by the node, since they are read there.
//
// - without this file, or where it cannot work, the form asks the node; both give the same sentences
// - nothing is kept: not in storage, not in the address

import { Explainer, RuleBook } from "./rules.js";

const form = document.querySelector("form[data-journey]");
const place = document.querySelector("[data-journey-answer]");
const brought = document.getElementById("journey-device");
const YEAR = 366 * 86_400_000;

/** The chosen purpose, day and cards; null where the node has to be asked. */
function asked(device, explainer) {
  const given = new FormData(form);
  const files = given.getAll("file").some((file) => file.size > 0);
  if (files || String(given.get("text") ?? "").trim()) return null;
  const person = String(given.get("person") ?? "");
  const numbers = person ? [person] : given.getAll("card").map(String);
  const from = person ? device.people : device.cards;
  const cards = numbers.map((number) => from[number]);
  const purpose = given.get("purpose");
  const day = dayOf(given, explainer);
  if (!purpose || !day || !cards.length || cards.includes(undefined)) return null;
  return { purpose: String(purpose), cards, practised: Boolean(person), ...day };
}

/** The day of the visit and its instant: now for today, else noon UTC, which is that day nearly everywhere. */
function dayOf(given, explainer) {
  const now = Date.now();
  const [year, month, day] = ["year", "month", "day"].map((part) => String(given.get(`day_${part}`) ?? ""));
  const text = `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (text === explainer.day(now, { exact: true }).slice(0, 10)) return { day: text, at: now };
  const at = Date.parse(`${text}T12:00:00Z`);
  // A day that the calendar does not have, or that is past or far away: the node says so.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) return null;
  return at > now && at - now < YEAR ? { day: text, at } : null;
}

/** What is said: of a card that does not count, or by the rules. */
function outlook({ purpose, cards, at }, book, explainer) {
  const fault = cards.find((card) => card.fault)?.fault;
  if (fault) {
    const language = explainer.language === "en" ? "en" : "zh";
    const told = [{ asks: "", because: [], nextStep: fault.next[language] }];
    return { outcome: "no", sentence: fault.text[language], told, turns: "" };
  }
  const ends = cards.filter((card) => card.expires !== null).map((card) => Date.parse(card.expires));
  return explainer.outlook(book.decide(purpose, cards, at), ends.length ? Math.min(...ends) : null);
}

const slot = (root, name) => root.querySelector(`[data-slot="${name}"]`);

/** Fills a slot with text, or takes it away where there is none. */
function fill(element, text, inner = element) {
  if (text) inner.textContent = text;
  else element.remove();
}

function show(found, question) {
  const page = document.querySelector("template[data-journey-pattern]").content.cloneNode(true);
  page.firstElementChild.dataset.outcome = found.outcome;
  fill(slot(page, "sentence"), found.sentence);
  slot(page, "practised").hidden = !question.practised;
  const used = slot(page, "used");
  used.textContent = used.dataset.say.replace("{day}", question.day).replace("{n}", String(question.cards.length));
  const pattern = slot(page, "rule");
  for (const one of found.told) {
    const row = pattern.cloneNode(true);
    fill(slot(row, "asks"), one.asks);
    const list = slot(row, "because");
    list.replaceChildren(...one.because.map((why) => Object.assign(document.createElement("li"), { textContent: why })));
    if (!one.because.length) list.remove();
    const next = slot(row, "next");
    fill(next, one.nextStep, next.querySelector("span"));
    pattern.before(row);
  }
  pattern.remove();
  fill(slot(page, "turns"), found.turns);
  slot(page, "node").hidden = true;
  slot(page, "device").hidden = false;
  slot(page, "rules").href += `/${question.purpose}`;
  slot(page, "appeal").href += encodeURIComponent(question.purpose);
  place.replaceChildren(page);
}

async function begin() {
  const device = JSON.parse(brought.textContent);
  const [rules, words] = await Promise.all([device.rules, device.words].map(async (url) => (await fetch(url)).json()));
  const book = new RuleBook(rules.rules, rules.valueSets);
  const explainer = new Explainer(words, device.language, device.zone);

  function answer() {
    const question = asked(device, explainer);
    if (question === null) return false;
    try {
      show(outlook(question, book, explainer), question);
      return true;
    } catch {
      return false; // something this browser cannot do: the node can
    }
  }

  let answered = place.firstElementChild !== null;
  form.addEventListener("input", () => {
    // An answer to another question than the one that stands in the form is none.
    if (answered && !answer()) place.replaceChildren();
  });
  form.addEventListener("submit", (event) => {
    if (!answer()) return;
    answered = true;
    event.preventDefault();
    document.querySelector(".errors")?.remove();
    slot(place, "sentence").focus();
  });
  document.querySelector("[data-journey-device]").hidden = false;
  form.toggleAttribute("data-ready", true);
}

if (form && brought) begin().catch(() => {}); // without rules at hand the form asks the node

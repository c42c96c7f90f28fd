// The kept cards: shown large, one after another, in Chinese or English; asks nobody for anything.

import { Asking } from "./asking.js";
import { forget, read } from "./store.js";

/** @typedef {import("./store.js").KeptCard} KeptCard */

const LANGUAGES = /** @type {const} */ (["zh", "en"]);
const TAGS = { zh: "zh-Hans", en: "en" };
const own = navigator.language.startsWith("zh") ? "zh" : "en";
let language = LANGUAGES.find((one) => one === said("huxin_lang")) ?? own;
/** @type {import("./store.js").KeptWallet | null} */
let wallet = null;

/** What somebody chose at the node, in this browser. @param {string} name */
function said(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** @param {string} name @param {string} [text] @param {string} [kind] */
function made(name, text, kind) {
  const one = document.createElement(name);
  if (text !== undefined) one.textContent = text;
  if (kind) one.className = kind;
  return one;
}

/** @param {KeptCard} card @param {string} today */
function drawn(card, today) {
  const shown = made("article", undefined, "card stack kept");
  const code = document.createElement("img");
  code.src = `data:image/svg+xml,${encodeURIComponent(card.code)}`;
  // An attribute has one language: in English a name in other letters is left to the words below.
  const whose = card.latin ? ` of ${card.latin}` : "";
  code.alt = { zh: `${card.name}的二维码：${card.kind.zh}`, en: `QR code${whose}: ${card.kind.en}` }[language];
  const name = made("p", card.name, "kept__name");
  name.lang = "";
  if (card.latin && card.latin !== card.name) name.append(made("small", ` ${card.latin}`));
  const ended = card.until < today;
  const until = { zh: `到 ${card.until}`, en: `until ${card.until}` }[language];
  const over = { zh: `已于 ${card.until} 到期`, en: `ended on ${card.until}` }[language];
  shown.append(made("h2", card.kind[language]), code, name, made("p", ended ? over : until, ended ? "kept__ended" : "kept__until"));
  if (card.specimen) shown.prepend(made("p", "样张 SPECIMEN", "specimen"));
  return shown;
}

/** The form of one person, where something is asked for at all. @param {import("./store.js").KeptOwner} owner @param {Asking} asking */
function question(owner, asking) {
  const purposes = Object.entries(wallet?.purposes ?? {});
  const form = made("form", undefined, "card stack kept__asks");
  const words = {
    zh: { title: "出行前看一看", what: "问什么", day: "哪一天", look: "看一看" },
    en: { title: "Will I get in?", what: "What is asked", day: "Which day", look: "Look" },
  }[language];
  const what = document.createElement("select");
  for (const [id, called] of purposes) what.append(new Option(called[language], id));
  const day = document.createElement("input");
  const now = Date.now();
  Object.assign(day, { type: "date", required: true, value: asking.today(now), min: asking.today(now), max: asking.lastDay(now) });
  const answer = made("div", undefined, "stack");
  answer.setAttribute("role", "status");
  const look = made("button", words.look, "btn btn--2");
  const whose = made("p", owner.name);
  whose.lang = "";
  form.append(made("h2", words.title), whose, labelled(words.what, what), labelled(words.day, day), look, answer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer.replaceChildren(...told(asking.answer(what.value, owner.cards, day.value, Date.now())));
  });
  return form;
}

let boxes = 0;

/** @param {string} words @param {HTMLElement} box */
function labelled(words, box) {
  const field = made("div", undefined, "field");
  const label = document.createElement("label");
  boxes += 1;
  box.id = `box-${boxes}`;
  label.htmlFor = box.id;
  label.textContent = words;
  field.append(label, box);
  return field;
}

/** @param {import("./asking.js").Outlook | null} outlook */
function told(outlook) {
  if (outlook === null) return [];
  const lines = outlook.told.flatMap((one) => [one.asks, ...one.because, one.nextStep]).filter(Boolean);
  const from = { zh: "用存下的规则在本机算的。", en: "Computed on this phone, by the rules as they were kept." }[language];
  const sentence = made("h3", outlook.sentence);
  sentence.dataset.outcome = outlook.outcome;
  return [sentence, ...[...lines, outlook.turns].filter(Boolean).map((one) => made("p", one)), made("p", from, "small muted")];
}

function show() {
  document.documentElement.lang = TAGS[language];
  for (const one of document.querySelectorAll("[data-zh]")) {
    if (one instanceof HTMLElement) one.textContent = one.dataset[language] ?? "";
  }
  document.documentElement.classList.toggle("elder", said("huxin_elder") === "1");
  at("tongue").lang = TAGS[language === "zh" ? "en" : "zh"];
  const cards = wallet?.owners.flatMap((owner) => owner.cards) ?? [];
  const day = new Date();
  const today = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
  const list = at("cards");
  list.replaceChildren(...cards.map((card) => drawn(card, today)));
  asks();
  at("none").hidden = cards.length > 0;
  at("some").hidden = cards.length === 0;
  if (wallet) at("since").textContent = { zh: `${wallet.at.slice(0, 10)} 存下的。`, en: `Kept on ${wallet.at.slice(0, 10)}.` }[language];
  document.documentElement.dataset.cards = String(cards.length);
}

/** Cards that do not agree about whose they are answer nothing. @param {import("./store.js").KeptOwner} owner */
function canAsk(owner) {
  return owner.cards.length > 0 && owner.cards.every((card) => card.read !== null);
}

/** Offer to ask, where something is asked for and this browser can answer. */
function asks() {
  at("asks").replaceChildren();
  if (!wallet || !Object.keys(wallet.purposes).length) return;
  const asking = new Asking(wallet, language);
  at("asks").replaceChildren(...wallet.owners.filter(canAsk).map((one) => question(one, asking)));
}

/** @param {string} name */
function at(name) {
  return /** @type {HTMLElement} */ (document.getElementById(name));
}

at("tongue").addEventListener("click", () => {
  language = LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length];
  show();
});

at("forget").addEventListener("click", async () => {
  await forget();
  wallet = null;
  show();
  at("none").focus();
});

wallet = await read().catch(() => null);
show();

// The checking page with a script: the loop goes on without loading a page anew, so that the camera stays
// open and sounds are allowed.  Everything is still judged by the node; without this file the forms do it.
//
// - one request at a time; a frame of the camera, a file or a text goes in by POST and the answer's page is shown
// - nothing of a card is kept: not in storage, not in the address, not in the history
// - a keyboard scanner may type into any of these pages; its keys land in a field that takes them

import { tell } from "./verdict.js";

const MUTED = "huxin-check-muted";
const PAUSE = 350; // between two frames
const SETTLE = 1200; // after an answer, so that the same code is not read twice in passing
const GUARD = 400; // a scanner that ends with two line ends must not skip the answer

let busy = false;
let shownAt = 0;
let stream = null;
let timer = 0;

const one = (selector, root = document) => root.querySelector(selector);

// ------------------------------------------------------------------------------------ pages

/** Shows the page that was answered, in place of this one. */
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const script of page.querySelectorAll("script")) script.remove();
  document.title = page.title;
  for (const name of ["class", "data-theme"]) {
    const value = page.documentElement.getAttribute(name);
    if (value === null) document.documentElement.removeAttribute(name);
    else document.documentElement.setAttribute(name, value);
  }
  // Said once, by the alert; the button would say it a second time.
  const next = one("[data-check-next] #next", page);
  next?.removeAttribute("aria-describedby");
  next?.toggleAttribute("data-wait", true);
  setTimeout(() => next?.toggleAttribute("data-wait", false), GUARD);
  document.body.replaceChildren(...page.body.childNodes);
  shownAt = performance.now();
  window.scrollTo(0, 0);
  begin();
  // With an open camera nobody is about to type: no field, so that a phone's keyboard stays down.
  const ready = stream ? one("#main") : one("form[data-check] [name=text]");
  (one(".errors") ?? one("#next") ?? ready)?.focus({ preventScroll: Boolean(stream) });
}

async function ask(form, body) {
  if (busy) return;
  busy = true;
  document.documentElement.toggleAttribute("data-check-busy", true);
  trouble("");
  try {
    const method = form.method.toUpperCase();
    const answer = await fetch(form.action, { method, body, cache: "no-store", credentials: "same-origin" });
    if (answer.status === 204) return;
    const isPage = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
    if (!isPage || answer.status === 429 || answer.status === 503) trouble("data-check-busy");
    else show(await answer.text());
  } catch {
    trouble("data-check-offline");
  } finally {
    busy = false;
    document.documentElement.toggleAttribute("data-check-busy", false);
  }
}

function trouble(name) {
  const place = one("[data-check-trouble]");
  if (!place) return;
  const words = name && one(`template[${name}]`);
  place.hidden = !words;
  place.replaceChildren(...(words ? [words.content.cloneNode(true)] : []));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-check-next]")) {
    event.preventDefault();
    ask(form, undefined);
  } else if (form.matches("[data-check]")) {
    event.preventDefault();
    ask(form, new FormData(form));
  }
});

// ---------------------------------------------------------------------------- keys and files

// On a page without a field in focus, the first key of a scanner opens one and lands in it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeScan();
  // Keys only: a finger or a mouse on the button means it.
  if (event.key === "Enter" && event.target.matches?.("[data-wait]")) return event.preventDefault();
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const field = one("form[data-check] [name=text]:not([data-more])");
  (one("[data-check-answer]") ? openScan() : field)?.focus();
});

function openScan() {
  const open = one("#scan-next");
  const template = one("template[data-check-scan]");
  if (open || !template) return open;
  one("[data-check-next]").after(template.content.cloneNode(true));
  return one("#scan-next");
}

function closeScan() {
  one("#scan-next")?.form.remove();
  one("#next")?.focus();
}

function take(files, target) {
  const form = target.closest?.("form[data-check]") ?? one("form[data-check-drop]");
  if (!form || !files?.length) return false;
  const body = new FormData(form);
  body.delete("file");
  for (const file of files) body.append("file", file);
  ask(form, body);
  return true;
}

document.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  take(event.dataTransfer.files, event.target);
});
document.addEventListener("paste", (event) => {
  if (take(event.clipboardData?.files, event.target)) event.preventDefault();
});

// ------------------------------------------------------------------------------------ sound

function muted() {
  try {
    return localStorage.getItem(MUTED) === "1";
  } catch {
    return false;
  }
}

function drawMute() {
  for (const button of document.querySelectorAll("[data-check-mute]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(muted()));
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-check-mute]")) return;
  try {
    localStorage.setItem(MUTED, muted() ? "0" : "1");
  } catch {
    // A browser that keeps nothing stays loud.
  }
  drawMute();
});

// ----------------------------------------------------------------------------------- camera

function say(word) {
  const room = one("[data-check-camera]");
  if (!room) return;
  const view = one("[data-camera]", room);
  view.dataset.camera = word;
  one("[data-camera-say]", room).textContent = room.getAttribute(`data-say-${word}`);
  one("[data-camera-video]", room).hidden = !stream;
  one("#camera-start", room).hidden = Boolean(stream);
  one("#camera-stop", room).hidden = !stream;
}

async function start() {
  try {
    const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 960 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    stream = null;
    const missing = error.name === "NotFoundError" || error.name === "OverconstrainedError";
    say(missing ? "missing" : error.name === "NotReadableError" ? "taken" : "denied");
    return;
  }
  for (const track of stream.getTracks()) track.addEventListener("ended", () => stop("taken"));
  attach();
}

/** Joins the open camera to the page that is shown now. */
async function attach() {
  const video = one("[data-camera-video]");
  if (!video || !stream) return;
  video.srcObject = stream;
  say("ready");
  await video.play().catch(() => {});
  clearTimeout(timer);
  timer = setTimeout(look, shownAt ? SETTLE : PAUSE);
}

function stop(word) {
  clearTimeout(timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  say(word);
}

async function look() {
  const video = one("[data-camera-video]");
  const form = one("form[data-check-drop]");
  if (!stream || !video || !form) return;
  const side = Math.min(video.videoWidth, video.videoHeight);
  const typing = document.activeElement?.name === "text" && document.activeElement.value;
  if (side && !busy && !typing) {
    say("reading");
    await ask(form, await frame(video, side, form));
  }
  // The answer may have taken the page's place; then the next person's page goes on.
  if (one("[data-camera-video]") === video && stream) timer = setTimeout(look, PAUSE);
}

async function frame(video, side, form) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const left = (video.videoWidth - side) / 2;
  const top = (video.videoHeight - side) / 2;
  canvas.getContext("2d").drawImage(video, left, top, side, side, 0, 0, side, side);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  const body = new FormData(form);
  body.delete("file");
  body.delete("text");
  body.append("frame", picture, "frame.jpg");
  return body;
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#camera-start")) start();
  if (event.target.closest?.("#camera-stop")) stop("off");
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && stream) stop("off");
});
window.addEventListener("pagehide", () => stream && stop("off"));

// ------------------------------------------------------------------------------------ begin

function begin() {
  drawMute();
  const answer = one(".verdict[data-outcome]");
  if (answer && !muted()) tell(answer.dataset.outcome);
  const room = one("[data-check-camera]");
  if (!room) return;
  // A browser offers a camera to secure pages only; where it offers none, none is promised.
  room.hidden = !navigator.mediaDevices?.getUserMedia;
  say(stream ? "ready" : "off");
  attach();
}

begin();

// What each button of the page does, by the name that it carries as `data-do`.

import { one, sayIn } from "./view.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./words.js").Words} Words */

/** @type {Record<string, (desk: Desk, button: HTMLElement) => unknown>} */
export const DEEDS = {
  next(desk) { desk.next(); },
  renew(desk) { desk.go("list"); },
  add(desk) {
    if (desk.loop.add()) sayIn(one("[data-adding]"), /** @type {Words} */ (desk.own).say("adding"));
  },
  camera(desk) {
    desk.choose({ camera: true });
    desk.openCamera();
  },
  "camera-stop"(desk) {
    desk.choose({ camera: false });
    desk.camera.stop("off");
  },
  async turn(desk) {
    await desk.camera.turn();
    desk.choose({ facing: desk.camera.facing });
    desk.camera.showIn(one("[data-view]"));
  },
  async torch(desk, button) {
    const lit = await desk.camera.light(button.getAttribute("aria-pressed") !== "true");
    button.setAttribute("aria-pressed", String(lit));
  },
  mute(desk) { desk.choose({ mute: !desk.choices.mute }); },
  "count-anew"(desk) {
    desk.counts.anew();
    desk.sayCounts();
  },
  train(desk) { desk.train(true); },
  "train-stop"(desk) { desk.train(false); },
  "no-code-done"(desk) {
    if (!desk.training) desk.counts.count("no-code", null);
    desk.next();
  },
  practise(desk, button) {
    const card = desk.setup.practice[Number(button.dataset.number)];
    desk.take([card.text], card.purpose ?? "");
  },
  refresh(desk) { desk.listRoom?.refresh(); },
  "hand-on"(desk) { desk.listRoom?.handOn(); },
  "save-list"(desk) { desk.listRoom?.save(); },
}; // prettier-ignore

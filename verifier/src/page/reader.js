// The reader in a thread of its own: a frame or a picture goes in, the texts of its QR codes come out.  Nothing is kept.
//
// - the decoder is a file beside this one, never somebody else's address
// - a frame is looked at quickly; a still with more patience, and so is, in one way or another, every fourth frame
//   in which nothing was found
// - a picture is bounded before it is opened

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

import { coloured, contrasted, grey, middle, sharpened, smoothed } from "./pixels.js";
import { MAX_PICTURE_BYTES, MAX_PIXELS, sizeOf } from "./picture_size.js";

/** @typedef {import("./pixels.js").Pixels} Pixels */
/** @typedef {{ id: number, bitmap?: ImageBitmap, pixels?: Pixels, still?: boolean, file?: Blob }} Asked */
/** @typedef {{ id: number, texts: string[], fault: string | null }} Told */

const QR = /** @type {const} */ (["QRCode"]);
const MOST_CODES = 32;
const WIDEST_FRAME = 1280;
const WIDEST_STILL = 4000;
// Enlarging helps where a module is only a few pixels wide, and costs too much in a large picture.
const SMALL = 600;
const PATIENT_EVERY = 4;
// A code that is held too far away is small and in the middle.
const MIDDLE = 560;

prepareZXingModule({ overrides: { locateFile: (/** @type {string} */ name) => new URL(name, import.meta.url).href } });

let missed = 0;

/** @param {Asked} asked @returns {Promise<string[]>} */
async function read(asked) {
  if (asked.file) return readStill(await opened(asked.file));
  if (asked.pixels && asked.still) return readStill(asked.pixels);
  const image = asked.pixels ?? pixelsOf(/** @type {ImageBitmap} */ (asked.bitmap), WIDEST_FRAME);
  const found = await texts(image, { tryHarder: false });
  missed = found.length ? 0 : missed + 1;
  if (found.length || missed % PATIENT_EVERY) return found;
  return firstOf(missed % (2 * PATIENT_EVERY) ? near(grey(image)) : patient(grey(image)));
}

/** @param {Pixels} image */
async function readStill(image) {
  const found = await texts(image, { tryHarder: true });
  if (found.length) return found;
  const plain = grey(image);
  return firstOf([...patient(plain), ...enlarging(plain)]);
}

/** @typedef {[() => import("./pixels.js").Grey, object]} Attempt how a picture is made readable, and how it is read */

/** @param {import("./pixels.js").Grey} image @returns {Attempt[]} */
function patient(image) {
  return [
    [() => smoothed(image, 1), { tryHarder: true }],
    [() => contrasted(image), { tryHarder: true }],
  ];
}

/** The middle of a frame, as if it were held nearer. @param {import("./pixels.js").Grey} image @returns {Attempt[]} */
function near(image) {
  return [[() => sharpened(middle(image, MIDDLE), 3, 0.5, 3), { tryHarder: true, binarizer: "GlobalHistogram" }]];
}

/** A small and blurred code is enlarged and sharpened; one threshold for all of it then reads more than local ones. @param {import("./pixels.js").Grey} image @returns {Attempt[]} */
function enlarging(image) {
  const longest = Math.max(image.width, image.height);
  const whole = { tryHarder: true, binarizer: "GlobalHistogram" };
  const local = { tryHarder: true, binarizer: "LocalAverage" };
  /** @type {Attempt[]} */
  const tried = [];
  const by = longest <= 1000 ? 3 : longest <= 1500 ? 2 : 0;
  if (by) {
    /** @type {import("./pixels.js").Grey | null} both look at the same one, which takes seconds to make on a phone */
    let made = null;
    const large = () => (made ??= sharpened(image, by, 0.5, 3));
    tried.push([large, whole], [large, local]);
  }
  if (longest <= SMALL) tried.push([() => sharpened(image, 4, 0.8, 5), whole], [() => sharpened(image, 4, 1, 5), local]);
  return tried;
}

/** @param {Attempt[]} attempts */
async function firstOf(attempts) {
  for (const [make, how] of attempts) {
    const found = await texts(coloured(make()), how);
    if (found.length) return found;
  }
  return [];
}

/** @param {Pixels} image @param {object} how */
async function texts(image, how) {
  const options = { formats: [...QR], maxNumberOfSymbols: MOST_CODES, ...how };
  const found = await readBarcodes(/** @type {ImageData} */ (/** @type {unknown} */ (image)), options);
  return [...new Set(found.filter((one) => one.isValid).map((one) => one.text))];
}

/** @param {Blob} file */
async function opened(file) {
  if (file.size > MAX_PICTURE_BYTES) throw new Fault("too-big");
  const size = sizeOf(new Uint8Array(await file.arrayBuffer()));
  if (size && size.width * size.height > MAX_PIXELS) throw new Fault("too-big");
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) throw new Fault("picture");
  if (bitmap.width * bitmap.height > MAX_PIXELS) throw new Fault("too-big");
  return pixelsOf(bitmap, WIDEST_STILL);
}

/** Draw a bitmap on white, no wider or higher than asked. @param {ImageBitmap} bitmap @param {number} most @returns {Pixels} */
function pixelsOf(bitmap, most) {
  const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Fault("picture");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

class Fault extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

self.addEventListener("message", async (/** @type {MessageEvent<Asked>} */ { data }) => {
  /** @type {Told} */
  const told = { id: data.id, texts: [], fault: null };
  try {
    told.texts = await read(data);
  } catch (error) {
    told.fault = error instanceof Fault ? error.code : "reader";
  }
  self.postMessage(told);
});
self.postMessage({ id: 0, texts: [], fault: null });

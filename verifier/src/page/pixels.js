// Pictures as plain grey pixels, and what helps a hard one to be read: smoothing, contrast, enlarging, sharpening.

/** @typedef {{ data: Uint8ClampedArray, width: number, height: number }} Grey one byte a pixel */
/** @typedef {{ data: Uint8ClampedArray, width: number, height: number }} Pixels four bytes a pixel, as a canvas gives them */

// How wide sharpening looks around, in pixels of the enlarged picture.
const REACH = 5;

/** Return the brightness of each pixel; what is transparent becomes paper, not ink. @param {Pixels} image @returns {Grey} */
export function grey({ data, width, height }) {
  const out = new Uint8ClampedArray(width * height);
  for (let at = 0, from = 0; at < out.length; at += 1, from += 4) {
    const light = (data[from] * 306 + data[from + 1] * 601 + data[from + 2] * 117) >> 10;
    const alpha = data[from + 3];
    out[at] = alpha === 255 ? light : 255 - ((255 - light) * alpha) / 255;
  }
  return { data: out, width, height };
}

/** Return it as the reader takes it. @param {Grey} image @returns {Pixels} */
export function coloured({ data, width, height }) {
  const out = new Uint8ClampedArray(data.length * 4);
  const words = new Uint32Array(out.buffer);
  for (let at = 0; at < data.length; at += 1) words[at] = (0xff000000 | (data[at] * 0x010101)) >>> 0;
  return { data: out, width, height };
}

/** Stretch so that the darkest hundredth is black and the brightest white. @param {Grey} image @returns {Grey} */
export function contrasted({ data, width, height }) {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value] += 1;
  const cut = data.length / 100;
  let [low, high] = [0, 255];
  for (let seen = counts[0]; low < 255 && seen <= cut; seen += counts[low]) low += 1;
  for (let seen = counts[255]; high > 0 && seen <= cut; seen += counts[high]) high -= 1;
  if (high <= low) return { data, width, height };
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => ((value - low) * 255) / (high - low));
  return { data: data.map((value) => table[value]), width, height };
}

/** Smooth with a bell of this width. @param {Grey} image @param {number} sigma @returns {Grey} */
export function smoothed(image, sigma) {
  const reach = Math.max(1, Math.ceil(sigma * 2.5));
  const bell = Float32Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)));
  const sum = bell.reduce((one, other) => one + other);
  const weights = bell.map((one) => one / sum);
  return along(along(image, weights, reach, 1), weights, reach, image.width);
}

/** One direction of a smoothing: `step` is 1 for rows, the width for columns. @param {Grey} image @param {Float32Array} weights @param {number} reach @param {number} step @returns {Grey} */
function along({ data, width, height }, weights, reach, step) {
  const out = new Uint8ClampedArray(data.length);
  const length = step === 1 ? width : height;
  const others = step === 1 ? height : width;
  const across = step === 1 ? width : 1;
  for (let line = 0; line < others; line += 1) {
    const begin = line * across;
    for (let at = 0; at < length; at += 1) {
      let sum = 0;
      for (let tap = -reach; tap <= reach; tap += 1) {
        const from = Math.min(length - 1, Math.max(0, at + tap));
        sum += data[begin + from * step] * weights[tap + reach];
      }
      out[begin + at * step] = sum + 0.5;
    }
  }
  return { data: out, width, height };
}

/** Enlarge by a whole factor, blending between pixels. @param {Grey} image @param {number} by @returns {Grey} */
export function enlarged({ data, width, height }, by) {
  const [wide, high] = [width * by, height * by];
  const out = new Uint8ClampedArray(wide * high);
  for (let y = 0; y < high; y += 1) {
    const [top, bottom, down] = between(y, by, height);
    for (let x = 0; x < wide; x += 1) {
      const [left, right, over] = between(x, by, width);
      const above = data[top * width + left] * (1 - over) + data[top * width + right] * over;
      const below = data[bottom * width + left] * (1 - over) + data[bottom * width + right] * over;
      out[y * wide + x] = above * (1 - down) + below * down + 0.5;
    }
  }
  return { data: out, width: wide, height: high };
}

/** @param {number} at @param {number} by @param {number} length @returns {[number, number, number]} */
function between(at, by, length) {
  const place = Math.max(0, (at + 0.5) / by - 0.5);
  const low = Math.min(length - 1, Math.floor(place));
  return [low, Math.min(length - 1, low + 1), place - low];
}

/** Sharpen what the lens took away, then enlarge. @param {Grey} image @param {number} by @param {number} smooth @param {number} amount @returns {Grey} */
export function sharpened(image, by, smooth, amount) {
  // In this order, for the large picture costs ten times as much to smooth and is read no better.
  const plain = smoothed(image, smooth);
  const blurred = smoothed(plain, REACH / by);
  const data = plain.data.map((value, at) => value + (value - blurred.data[at]) * amount);
  return enlarged({ data, width: image.width, height: image.height }, by);
}

/** Return the square in the middle, as wide as asked or as there is. @param {Grey} image @param {number} most @returns {Grey} */
export function middle({ data, width, height }, most) {
  const side = Math.min(most, width, height);
  const [left, top] = [(width - side) >> 1, (height - side) >> 1];
  const out = new Uint8ClampedArray(side * side);
  for (let row = 0; row < side; row += 1) {
    const from = (top + row) * width + left;
    out.set(data.subarray(from, from + side), row * side);
  }
  return { data: out, width: side, height: side };
}

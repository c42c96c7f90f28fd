// SHA-256 (FIPS 180-4) of short messages, at once: asking WebCrypto costs a hundred times as much for one key of thousands.

/** The first 32 bits behind the point of the cube (or square) roots of the first primes. @param {number} count @param {number} power */
function roots(count, power) {
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) prime = false;
    if (prime) found.push(fraction(BigInt(number), BigInt(power)));
  }
  return Uint32Array.from(found);
}

/** Return 32 bits of a root behind the point, exactly. @param {bigint} number @param {bigint} power */
function fraction(number, power) {
  const wanted = number << (32n * power);
  let low = 0n;
  for (let step = 1n << 36n; step > 0n; step >>= 1n) if ((low + step) ** power <= wanted) low += step;
  return Number(low & 0xffffffffn);
}

const ROUNDS = roots(64, 3);
const START = roots(8, 2);

/** Return 32 bytes of SHA-256. @param {Uint8Array} data */
export function sha256Now(data) {
  const whole = new Uint8Array((Math.floor((data.length + 8) / 64) + 1) * 64);
  whole.set(data);
  whole[data.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(whole.length - 4, (data.length * 8) >>> 0);
  const state = Uint32Array.from(START);
  const words = new Uint32Array(64);
  for (let at = 0; at < whole.length; at += 64) block(view, at, words, state);
  const digest = new Uint8Array(32);
  state.forEach((word, at) => new DataView(digest.buffer).setUint32(4 * at, word));
  return digest;
}

/** @param {number} word @param {number} by */
function turned(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** @param {DataView} view @param {number} at @param {Uint32Array} words @param {Uint32Array} state */
function block(view, at, words, state) {
  for (let round = 0; round < 16; round += 1) words[round] = view.getUint32(at + 4 * round);
  for (let round = 16; round < 64; round += 1) {
    const [early, late] = [words[round - 15], words[round - 2]];
    const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words[round] = words[round - 16] + first + words[round - 7] + second;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let round = 0; round < 64; round += 1) {
    const chosen = (e & f) ^ (~e & g);
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + ROUNDS[round] + words[round]) | 0;
    const most = (a & b) ^ (a & c) ^ (b & c);
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + most) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place] += word));
}

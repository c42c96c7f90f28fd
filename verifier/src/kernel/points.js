// Points of the two NIST curves in their compressed form (SEC 1, 2.3.4): the one in which keys travel in lists.

import { UnusableKeyError } from "./errors.js";

/** @type {{ curve: "P-256" | "P-384", size: number, p: bigint, b: bigint }[]} */
const CURVES = [
  {
    curve: "P-256", size: 32, p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  {
    curve: "P-384", size: 48, p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
]; // prettier-ignore

/** Return curve and coordinates of a compressed point; throws `UnusableKeyError`. @param {Uint8Array} data */
export function unpacked(data) {
  const found = CURVES.find((one) => data.length === one.size + 1);
  if (!found || (data[0] !== 2 && data[0] !== 3)) throw new UnusableKeyError("not a compressed point");
  const { p, b } = found;
  const x = number(data.subarray(1));
  if (x >= p) throw new UnusableKeyError("not a coordinate");
  const square = (x * x * x - 3n * x + b) % p;
  // Both primes are 3 modulo 4, so that this is the root if there is one.
  const root = power(square < 0n ? square + p : square, (p + 1n) / 4n, p);
  if ((root * root - square) % p !== 0n) throw new UnusableKeyError("no point of the curve");
  const y = (root & 1n) === BigInt(data[0] & 1) ? root : p - root;
  return { curve: found.curve, x: data.subarray(1), y: octets(y, found.size) };
}

/** @param {Uint8Array} data */
function number(data) {
  let value = 0n;
  for (const byte of data) value = (value << 8n) | BigInt(byte);
  return value;
}

/** @param {bigint} value @param {number} size */
function octets(value, size) {
  const data = new Uint8Array(size);
  for (let at = size - 1, left = value; at >= 0; at -= 1, left >>= 8n) data[at] = Number(left & 255n);
  return data;
}

/** @param {bigint} base @param {bigint} exponent @param {bigint} modulus */
function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

// A lenient reader of X.509 certificates (RFC 5280, section 4.1) and of public keys: every length is checked against
// the bytes at hand, and nothing else in a certificate is believed.

import { hex } from "./bytes.js";
import { UnusableKeyError } from "./errors.js";
import { parseDateTime } from "./instants.js";

export const SEQUENCE = 0x30;

const EXTENDED_KEY_USAGE = "551d25";

/** @typedef {{ tag: number, value: Uint8Array, whole: Uint8Array }} Element */

/** Return the elements of a sequence; a length that overruns is an error. @param {Uint8Array} data @returns {Element[]} */
export function items(data) {
  const found = [];
  for (let at = 0; at < data.length; ) {
    const begin = at;
    const tag = data[at];
    let length = data[at + 1];
    if (length === undefined) throw new UnusableKeyError("cut short");
    at += 2;
    if (length & 0x80) {
      const size = length & 0x7f;
      if (size < 1 || size > 4 || at + size > data.length) throw new UnusableKeyError("length of a length");
      length = 0;
      for (let read = 0; read < size; read += 1) length = length * 256 + data[at++];
    }
    if (at + length > data.length) throw new UnusableKeyError("element overruns");
    at += length;
    found.push({ tag, value: data.subarray(at - length, at), whole: data.subarray(begin, at) });
  }
  return found;
}

/** Return key, dates and purposes of a certificate; throws `UnusableKeyError`. @param {Uint8Array} data */
export function readCertificate(data) {
  const outer = items(data);
  if (outer.length !== 1) throw new UnusableKeyError("not a certificate");
  const body = items(outer[0].value)[0];
  const fields = body ? items(body.value).filter((one) => one.tag !== 0xa0) : [];
  if (fields.length < 6) throw new UnusableKeyError("not a certificate");
  const times = items(fields[3].value);
  if (times.length !== 2) throw new UnusableKeyError("not two dates");
  const extensions = fields.slice(6).find((one) => one.tag === 0xa3);
  return {
    spki: fields[5].whole,
    notBefore: time(times[0]),
    notAfter: time(times[1]),
    purposes: extensions ? purposes(extensions.value) : [],
  };
}

/** @param {Element} element */
function time({ tag, value }) {
  let text = String.fromCharCode(...value);
  if (tag === 0x17) text = (text.slice(0, 2) < "50" ? "20" : "19") + text;
  else if (tag !== 0x18) throw new UnusableKeyError("not a time");
  const found = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(text);
  const instant = found && parseDateTime(`${found[1]}-${found[2]}-${found[3]}T${found[4]}:${found[5]}:${found[6]}Z`);
  if (!instant) throw new UnusableKeyError("not a time");
  return instant;
}

/** @param {Uint8Array} extensions */
function purposes(extensions) {
  for (const extension of items(items(extensions)[0]?.value ?? new Uint8Array())) {
    const parts = items(extension.value);
    if (parts[0]?.tag !== 6 || hex(parts[0].value) !== EXTENDED_KEY_USAGE) continue;
    const last = parts[parts.length - 1];
    const usages = last.tag === 4 ? items(last.value) : [];
    if (usages.length !== 1) throw new UnusableKeyError("purposes that are none");
    return items(usages[0].value).filter((one) => one.tag === 6).map((one) => dotted(one.value));
  }
  return [];
}

/** Write an object identifier as dotted numbers (X.690, section 8.19). @param {Uint8Array} encoded */
export function dotted(encoded) {
  /** @type {bigint[]} */
  const numbers = [];
  let value = 0n;
  for (const byte of encoded) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (!(byte & 0x80)) {
      numbers.push(value);
      value = 0n;
    }
  }
  if (numbers.length === 0) throw new UnusableKeyError("no identifier");
  const first = numbers[0] / 40n < 2n ? numbers[0] / 40n : 2n;
  return [first, numbers[0] - 40n * first, ...numbers.slice(1)].join(".");
}

// Bytes and the texts that stand for them.

import { RefusalError } from "./errors.js";

const B64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FROM_B64URL = new Map([...B64URL].map((letter, value) => [letter, value]));

/** Join byte strings. @param {...Uint8Array} parts */
export function concat(...parts) {
  return joined(parts);
}

/** Join any number of byte strings: a call has room for some thousands of arguments only. @param {Uint8Array[]} parts */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

/** Tell whether two byte strings are the same; not for secrets. @param {Uint8Array} one @param {Uint8Array} other */
export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Write bytes as hexadecimal digits: also a name under which they are found again. @param {Uint8Array} data */
export function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Read hexadecimal digits, large or small, with blanks between bytes; `null` where they are none.
 * @param {string} text
 */
export function hexBytes(text) {
  if (!/^[ \t\n\r\v\f]*(?:[0-9a-fA-F]{2}[ \t\n\r\v\f]*)*$/.test(text)) return null;
  const digits = text.replace(/[ \t\n\r\v\f]+/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/** Write base64url without padding. @param {Uint8Array} data */
export function b64url(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 3) {
    const left = data.length - at;
    const bits = (data[at] << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    for (let part = 0; part < Math.min(left, 3) + 1; part += 1) text += B64URL[(bits >> (18 - 6 * part)) & 63];
  }
  return text;
}

/** Write base64, with its padding. @param {Uint8Array} data */
export function b64(data) {
  const text = b64url(data).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

/**
 * Read base64url without padding; refuses with `jws` any other letter or length.
 *
 * Bits that are left over are not looked at, as in the Python core.
 * @param {string} text
 */
export function b64urlBytes(text) {
  if (text.length % 4 === 1) throw new RefusalError("jws", "not base64url");
  const data = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = FROM_B64URL.get(letter);
    if (value === undefined) throw new RefusalError("jws", "not base64url");
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      data[at] = (bits >> held) & 0xff;
      at += 1;
    }
  }
  return data;
}

/** Read base64 with its padding, as certificates are written; `null` where it is none. @param {string} text */
export function b64Bytes(text) {
  if (text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return b64urlBytes(text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Read UTF-8; `null` where it is none. @param {Uint8Array} data */
export function utf8(data) {
  try {
    return UTF8.decode(data);
  } catch {
    return null;
  }
}

const ENCODER = new TextEncoder();

/** Write UTF-8. @param {string} text */
export function utf8Bytes(text) {
  return ENCODER.encode(text);
}

/** Return how many characters a text has: as people and the Python core count, not as UTF-16 does. @param {string} text */
export function letters(text) {
  let surrogates = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xdc00 && unit <= 0xdfff) {
      const before = at > 0 ? text.charCodeAt(at - 1) : 0;
      if (before >= 0xd800 && before <= 0xdbff) surrogates += 1;
    }
  }
  return text.length - surrogates;
}

/** Return bytes as WebCrypto wants them: it takes no shared memory, and there is none here. @param {Uint8Array} data @returns {BufferSource} */
export function source(data) {
  return /** @type {BufferSource} */ (data);
}

/** Return 32 bytes of SHA-256. @param {Uint8Array} data */
export async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", source(data)));
}

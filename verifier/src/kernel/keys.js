// The only door to WebCrypto: keys that check signatures of exactly one algorithm.
//
// An algorithm belongs to a key, never to a message.  ECDSA signatures travel as r ‖ s; one of the wrong length or
// form is a no.

import { b64url, b64urlBytes, concat, hexBytes, same, sha256, source, utf8Bytes } from "./bytes.js";
import { curveOf } from "./curves.js";
import { SEQUENCE, dotted, items } from "./der.js";
import { checkerOf, isCanonicalKey } from "./edwards.js";
import { RefusalError, UnusableKeyError } from "./errors.js";
import { unpacked } from "./points.js";

const SIZES = { "P-256": 32, "P-384": 48 };
const EC = "1.2.840.10045.2.1";
const RSA = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"];
const ED25519 = "1.3.101.112";
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;
/** What stands before the key itself in its SPKI. */
const SPKI = {
  "P-256": prefix("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
  "P-384": prefix("3076301006072a8648ce3d020106052b8104002203620004"),
  Ed25519: prefix("302a300506032b6570032100"),
};
/** A key that checks signatures of one algorithm; `jwk` is its public form, `spki` what its identifier is made of. */
export class PublicKey {
  /**
   * @param {"ES256" | "PS256" | "EdDSA"} algorithm @param {JsonWebKey} jwk
   * @param {CryptoKey | import("./edwards.js").Checker | null} key
   * @param {Uint8Array} spki @param {number} size
   */
  constructor(algorithm, jwk, key, spki, size) {
    this.algorithm = algorithm;
    this.jwk = jwk;
    this.spki = spki;
    this.key = key;
    this.size = size;
  }

  /** Whether it stands on P-256, the one curve of health cards. */
  get isP256() {
    return this.jwk.crv === "P-256";
  }

  /**
   * Tell whether a signature over a message was made by this key's other half.
   * @param {Uint8Array} signature @param {Uint8Array} message
   */
  async verify(signature, message) {
    if (this.size && signature.length !== this.size) return false;
    // Lists hold thousands of keys, of which a door meets a few: those are made ready when they are met.
    this.key ??= await ready(this.jwk);
    if (typeof this.key === "function") return this.key(signature, message);
    return crypto.subtle.verify(METHODS[this.algorithm], this.key, source(signature), source(message));
  }
}

/** @param {JsonWebKey} jwk */
async function ready(jwk) {
  if (jwk.kty === "OKP") return checkerOf(b64urlBytes(jwk.x ?? ""));
  return crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: jwk.crv ?? "" }, false, ["verify"]);
}

/** @type {Record<string, any>} */
const METHODS = {
  ES256: { name: "ECDSA", hash: "SHA-256" },
  PS256: { name: "RSA-PSS", saltLength: 32 },
};

/** @param {string} digits */
function prefix(digits) {
  return hexBytes(digits) ?? new Uint8Array();
}

/** Read a public JWK (EC P-256 or P-384, RSA, Ed25519); throws `UnusableKeyError`. @param {Record<string, any>} jwk */
export async function keyOfJwk(jwk) {
  try {
    if (jwk.kty === "EC") return await curveKey(jwk.crv, octets(jwk.x), octets(jwk.y));
    if (jwk.kty === "RSA") return await rsaKey(octets(jwk.n), octets(jwk.e));
    if (jwk.kty === "OKP" && jwk.crv === "Ed25519") return await edwardsKey(octets(jwk.x));
  } catch (error) {
    if (error instanceof RefusalError || error instanceof DOMException) throw new UnusableKeyError("not a public JWK");
    throw error;
  }
  throw new UnusableKeyError("a key of a kind that Huxin does not verify with");
}

/** Read a DER SubjectPublicKeyInfo; throws `UnusableKeyError`. @param {Uint8Array} spki */
export async function keyOfSpki(spki) {
  const [algorithm, bits] = sequence(items(spki), 2);
  if (bits.tag !== 3 || bits.value[0] !== 0) throw new UnusableKeyError("not a public key");
  const [kind, parameters] = sequence([algorithm], 1, 2);
  const name = kind.tag === 6 ? dotted(kind.value) : "";
  const content = bits.value.subarray(1);
  try {
    if (name === EC) return await pointKey(curveOf(parameters), content);
    if (RSA.includes(name)) return await rsaContent(content);
    if (name === ED25519) return await edwardsKey(content);
  } catch (error) {
    if (error instanceof DOMException) throw new UnusableKeyError("not a public key");
    throw error;
  }
  throw new UnusableKeyError("a key of a kind that Huxin does not verify with");
}

/**
 * Return what the one sequence holds that is there: so many elements, and no more.
 * @param {import("./der.js").Element[]} outer @param {number} least @param {number} [most]
 */
function sequence(outer, least, most = least) {
  const found = outer.length === 1 && outer[0].tag === SEQUENCE ? items(outer[0].value) : [];
  if (found.length < least || found.length > most) throw new UnusableKeyError("not a public key");
  return found;
}

/** Read the shortest form of a key, and only that; throws `UnusableKeyError`. @param {string} algorithm @param {Uint8Array} data */
export async function keyOfCompact(algorithm, data) {
  if (algorithm === "EdDSA") {
    if (!isCanonicalKey(data)) throw new UnusableKeyError("an Ed25519 key of small order, or not in its one spelling");
    const jwk = { kty: "OKP", crv: "Ed25519", x: b64url(data) };
    return new PublicKey("EdDSA", jwk, null, concat(SPKI.Ed25519, data), 64);
  }
  if (algorithm === "ES256") {
    const { curve, x, y } = unpacked(data);
    const jwk = { kty: "EC", crv: curve, x: b64url(x), y: b64url(y) };
    return new PublicKey("ES256", jwk, null, concat(SPKI[curve], x, y), 2 * x.length);
  }
  const key = await keyOfSpki(data);
  // One key has one form: another spelling of it would count as another key somewhere.
  if (key.algorithm !== algorithm || !same(key.spki, data)) throw new UnusableKeyError("not the one form of a public key");
  return key;
}

/** @param {unknown} member */
function octets(member) {
  if (typeof member !== "string") throw new UnusableKeyError("a member that is not text");
  return b64urlBytes(member);
}

/** @param {"P-256" | "P-384" | null} curve @param {Uint8Array} point */
async function pointKey(curve, point) {
  const size = curve === null ? 0 : SIZES[curve];
  if (curve !== null && point.length === size + 1) {
    const { x, y } = unpacked(point);
    return curveKey(curve, x, y);
  }
  // The hybrid form, of this length too, is one of which RFC 5480 (section 2.2) says never to use it.
  if (curve === null || point.length !== 2 * size + 1 || point[0] !== 4) throw new UnusableKeyError("not a point");
  return curveKey(curve, point.subarray(1, size + 1), point.subarray(size + 1));
}

/** @param {string} name @param {Uint8Array} x @param {Uint8Array} y */
async function curveKey(name, x, y) {
  if (name !== "P-256" && name !== "P-384") throw new UnusableKeyError("a curve that Huxin does not verify with");
  const size = SIZES[name];
  const [left, right] = [fitted(x, size), fitted(y, size)];
  const jwk = { kty: "EC", crv: name, x: b64url(left), y: b64url(right) };
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: name }, true, ["verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", key));
  return new PublicKey("ES256", jwk, key, spki, 2 * size);
}

/** Return a number as so many bytes; one that is larger is no coordinate. @param {Uint8Array} number @param {number} size */
function fitted(number, size) {
  const short = stripped(number);
  if (short.length > size) throw new UnusableKeyError("not a coordinate");
  return concat(new Uint8Array(size - short.length), short);
}

/** @param {Uint8Array} number */
function stripped(number) {
  let at = 0;
  while (at < number.length && number[at] === 0) at += 1;
  return number.subarray(at);
}

/** @param {Uint8Array} content */
async function rsaContent(content) {
  const [n, e] = sequence(items(content), 2);
  if (n.tag !== 2 || e.tag !== 2) throw new UnusableKeyError("not an RSA key");
  return rsaKey(n.value, e.value);
}

/** @param {Uint8Array} n @param {Uint8Array} e */
async function rsaKey(n, e) {
  const modulus = stripped(n);
  const bits = modulus.length ? 8 * modulus.length - Math.clz32(modulus[0]) + 24 : 0;
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) throw new UnusableKeyError(`RSA key of ${bits} bits`);
  if (!isExponent(stripped(e), modulus)) throw new UnusableKeyError("no exponent of RSA");
  const jwk = { kty: "RSA", n: b64url(modulus), e: b64url(stripped(e)) };
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-256" }, true, ["verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", key));
  return new PublicKey("PS256", jwk, key, spki, 0);
}

/** Tell whether a number is odd, from 3, and below the modulus. @param {Uint8Array} number @param {Uint8Array} modulus */
function isExponent(number, modulus) {
  const odd = number.length > 0 && (number[number.length - 1] & 1) === 1;
  if (!odd || (number.length === 1 && number[0] < 3) || number.length > modulus.length) return false;
  if (number.length < modulus.length) return true;
  const at = number.findIndex((byte, place) => byte !== modulus[place]);
  return at >= 0 && number[at] < modulus[at];
}

/** @param {Uint8Array} raw */
async function edwardsKey(raw) {
  if (!isCanonicalKey(raw)) throw new UnusableKeyError("an Ed25519 key of small order, or not in its one spelling");
  const jwk = { kty: "OKP", crv: "Ed25519", x: b64url(raw) };
  return new PublicKey("EdDSA", jwk, await checkerOf(raw), concat(SPKI.Ed25519, raw), 64);
}

const THUMBPRINT = /** @type {Record<string, string[]>} */ ({
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
  RSA: ["e", "kty", "n"],
});

/** Return the SHA-256 thumbprint of a public JWK (RFC 7638). @param {Record<string, any>} jwk */
export async function thumbprint(jwk) {
  const members = THUMBPRINT[String(jwk.kty)];
  if (!members?.every((name) => typeof jwk[name] === "string")) throw new RefusalError("kid", "a JWK without its members");
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
  return b64url(await sha256(utf8Bytes(canonical)));
}

/** Return the identifier of a certificate or key: 8 bytes of SHA-256. @param {Uint8Array} material */
export async function kidOf(material) {
  return (await sha256(material)).slice(0, 8);
}

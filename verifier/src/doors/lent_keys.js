// A key that somebody lends for a line, as a certificate or a JWK, and the names that cards call it by.

import { anchor } from "../anchors.js";
import { b64Bytes, utf8Bytes } from "../kernel/bytes.js";
import { readCertificate } from "../kernel/der.js";
import { UnusableKeyError } from "../kernel/errors.js";
import { keyOfJwk, keyOfSpki, kidOf, thumbprint } from "../kernel/keys.js";

const HCERT = ["dcc", "icvp", "huxin"];
// Extended key usage of EU signing certificates; the second arc is a widespread slip of the pen.
const ARCS = ["1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1"];
const KINDS = ["test", "vaccination", "recovery"];
const USAGE = new Map(ARCS.flatMap((arc) => KINDS.map((kind, at) => [`${arc}.${at + 1}`, kind])));

/** Return anchors for a certificate that may sign HCERT of every family; throws `UnusableKeyError`. @param {string} text */
export async function lentCertificate(text) {
  const der = certificateBytes(text);
  const found = readCertificate(der);
  const key = await keyOfSpki(found.spki);
  const usage = new Set(found.purposes.map((one) => USAGE.get(one)).filter((one) => one !== undefined));
  const kid = await kidOf(der);
  return HCERT.map((domain) =>
    anchor({
      domain, kid, key, usage: usage.size ? usage : null, validFrom: found.notBefore, validUntil: found.notAfter,
    }),
  ); // prettier-ignore
}

/** Return anchors for a JWK; `issuer` binds its health cards.  Throws `UnusableKeyError`. @param {Record<string, any>} jwk @param {string | null} issuer */
export async function lentJwk(jwk, issuer) {
  const key = await keyOfJwk(jwk);
  const named = jwk.kid ?? null;
  if (named !== null && typeof named !== "string") throw new UnusableKeyError("kid: a text");
  const kids = [await kidOf(key.spki), ...shortKid(named ?? "")];
  // A health card calls its key by the thumbprint, whatever the key calls itself.
  const card = utf8Bytes(await thumbprint(jwk));
  return [
    ...(key.isP256 ? [anchor({ domain: "shc", kid: card, key, issuer })] : []),
    ...HCERT.flatMap((domain) => kids.map((kid) => anchor({ domain, kid, key }))),
  ];
}

/** Return the 8 bytes that a JWK's kid may stand for: issuers of HCERT write them in base64. @param {string} text */
function shortKid(text) {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  const kid = b64Bytes(standard.padEnd(standard.length + ((4 - (standard.length % 4)) % 4), "="));
  return kid?.length === 8 ? [kid] : [];
}

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END";

/** Return the bytes of a certificate written as base64, as PEM, or as base64 of the PEM. @param {string} text */
function certificateBytes(text) {
  const data = base64(inPem(text) ?? text);
  // Some pack a text file as they would a binary one.
  const inner = inPem(new TextDecoder().decode(data));
  return inner === null ? data : base64(inner);
}

/** Return what stands between the lines of PEM; `null` where the text does not begin with one. @param {string} text */
function inPem(text) {
  const found = text.replace(/^[\ufeff \t\n\v\f\r]+/, "");
  return found.startsWith(BEGIN) ? found.slice(BEGIN.length).split(END)[0] : null;
}

/** @param {string} text */
function base64(text) {
  // ASCII white space alone is left out, for that is what lines are broken with.
  const data = b64Bytes(text.replace(/^\ufeff+/, "").replace(/[ \t\n\v\f\r]+/g, ""));
  if (data === null) throw new UnusableKeyError("neither base64 nor PEM");
  return data;
}

// Judges lines of spec/vectors/credentials.jsonl with the second implementation: a line in, verdict, code and steps out.
//
// The fields of a key are those of spec/vectors/README.md; twin of vector_lines.py.

import { createInterface } from "node:readline";

import { anchor, TrustStore } from "../../verifier/src/anchors.js";
import { b64Bytes, utf8Bytes } from "../../verifier/src/kernel/bytes.js";
import { readCertificate } from "../../verifier/src/kernel/der.js";
import { parseInstant } from "../../verifier/src/kernel/instants.js";
import { parseLine } from "../../verifier/src/kernel/json.js";
import { keyOfJwk, keyOfSpki, kidOf, thumbprint } from "../../verifier/src/kernel/keys.js";
import { open, openTexts } from "../../verifier/src/reading.js";
import { CardRevocationLists } from "../../verifier/src/status/card_revocation_list.js";
import { verify } from "../../verifier/src/verify.js";

const DOMAINS = ["dcc", "icvp", "huxin", "shc"];
const ARCS = ["1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1"];
const KINDS = ["test", "vaccination", "recovery"];

const instant = (text) => (text === undefined || text === null ? null : parseInstant(text));

/** Return what is known of a lent key, whatever domain it is for. */
async function material(entry) {
  if (!entry.certificate) {
    const key = await keyOfJwk(entry.jwk);
    return { key, kid: await kidOf(key.spki), kinds: null, start: null, end: null };
  }
  const der = b64Bytes(entry.certificate);
  const found = readCertificate(der);
  const kinds = KINDS.filter((_, at) => ARCS.some((arc) => found.purposes.includes(`${arc}.${at + 1}`)));
  return {
    key: await keyOfSpki(found.spki), kid: await kidOf(der), kinds: kinds.length ? new Set(kinds) : null,
    start: found.notBefore, end: found.notAfter,
  }; // prettier-ignore
}

async function kidIn(domain, entry, kid) {
  if (domain === "shc" && entry.jwk) return utf8Bytes(await thumbprint(entry.jwk));
  if (!entry.kid) return kid;
  return entry.kid.length === 12 && entry.kid.endsWith("=") ? b64Bytes(entry.kid) : utf8Bytes(entry.kid);
}

async function anchorsOf(entry) {
  const { key, kid, kinds, start, end } = await material(entry);
  const domains = DOMAINS.filter((one) => (entry.domain ?? one) === one);
  return Promise.all(
    domains.map(async (domain) =>
      anchor({
        domain, key, kid: await kidIn(domain, entry, kid), region: entry.region ?? null,
        usage: entry.usage ? new Set(entry.usage) : domain === "dcc" ? kinds : null,
        validFrom: instant(entry.valid_from) ?? start, validUntil: instant(entry.valid_until) ?? end,
        environment: entry.environment ?? "production", standing: entry.standing ?? "active",
        issuer: domain === "shc" ? (entry.issuer ?? null) : null,
      }),
    ),
  ); // prettier-ignore
}

async function judged(line) {
  const anchors = (await Promise.all(line.keys.map(anchorsOf))).flat();
  const trust = new TrustStore(anchors, { environment: line.environment ?? "production", asOf: instant(line.as_of) });
  const status = line.revoked ? new CardRevocationLists(line.revoked) : null;
  const cards = line.texts ? openTexts(line.texts) : open(line.text);
  return verify(cards, { trust, status }, parseInstant(line.at), line.purpose ?? null);
}

for await (const text of createInterface({ input: process.stdin })) {
  const line = parseLine(utf8Bytes(text));
  const { outcome, reasons, cards } = await judged(line);
  console.log(JSON.stringify({ id: line.id, verdict: outcome, code: reasons[0].code, steps: Object.assign({}, ...cards.map((one) => one.steps)) }));
}

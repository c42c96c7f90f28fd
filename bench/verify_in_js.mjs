// Times the second implementation under node: {"texts": {row: text}, "jwk", "kid", "issuer", "now"} in, ratios to one
// bare ES256 verification by WebCrypto out.  Wall time, one after another: both sides wait for the same crypto threads.
import { readFileSync } from "node:fs";

import { lentJwk } from "../verifier/src/doors/lent_keys.js";
import { TrustStore } from "../verifier/src/anchors.js";
import { parseInstant } from "../verifier/src/kernel/instants.js";
import { open } from "../verifier/src/reading.js";
import { verify } from "../verifier/src/verify.js";

const ROUNDS = 40;
const A_ROUND = 60;

const asked = JSON.parse(readFileSync(0, "utf8"));
const now = parseInstant(asked.now);
const anchors = [...(await lentJwk(asked.jwk, null)), ...(await lentJwk(asked.jwk, asked.issuer))];
const trust = new TrustStore(anchors);

const [card] = open(Object.values(asked.texts)[0]);
const key = await crypto.subtle.importKey("jwk", asked.bare, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
const { signature, signed } = card.credential;
const works = {
  bare: () => crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, signed),
};
for (const [name, text] of Object.entries(asked.texts)) {
  const verdict = await verify(open(text), { trust }, now);
  if (verdict.outcome !== "accepted") throw new Error(`${name}: ${verdict.reasons[0].code}`);
  works[name] = () => verify(open(text), { trust }, now);
}

const best = {};
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, work] of Object.entries(works)) {
    const began = process.hrtime.bigint();
    for (let i = 0; i < A_ROUND; i += 1) await work();
    const took = Number(process.hrtime.bigint() - began) / A_ROUND;
    best[name] = Math.min(best[name] ?? Infinity, took);
  }
}
const ratios = Object.entries(best).filter(([name]) => name !== "bare");
console.log(JSON.stringify(Object.fromEntries(ratios.map(([name, took]) => [name, took / best.bare]))));

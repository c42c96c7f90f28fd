// What one place decides for itself: whom it does not believe, whom it believes besides, how old a list may be.
//
// It is never federated.  The place's own region signs it, in a DSSE envelope; a newer version takes the place of an
// older one, never the reverse.

import { concat, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { parse } from "../kernel/strict_json.js";
import { Fields, document, refuse } from "./fields.js";
import { MOST_REGIONS } from "./layout.js";
import { MOST_BYTES as MOST_KEYS_BYTES, parseRegionKeys } from "./region_keys.js";

export const MOST_BYTES = 4_000_000;
const PAYLOAD_TYPE = "application/vnd.huxin.local-policy+json";
const MOST_DENIED = 10_000;
const MOST_SIGNATURES = 20;
const MOST_SIGNATURE = 64;
const HOUR = 3_600 * 1e6;

/**
 * A place's own decisions; `denyKeys` are named as tombstones name keys, in whatever region they stand.
 * @typedef {{ region: string, version: number, denyRegions: Set<string>, denyKeys: Set<string>,
 *   accept: import("./region_keys.js").RegionKeys[], limits: import("./freshness.js").Limits, content: string }} LocalPolicy
 * @typedef {{ region: string, keys: import("../kernel/keys.js").PublicKey[], threshold: number }} Signers
 */

/**
 * Return a policy that enough of its signers signed, no older than `held`; refuses with `trust-file`, `trust-threshold`,
 * `trust-rollback` or `too-big`.
 * @param {Uint8Array} data @param {Signers} signers @param {number} [held] @returns {Promise<LocalPolicy>}
 */
export async function parsePolicy(data, signers, held = 0) {
  if (data.length > MOST_BYTES) throw new RefusalError("too-big", "local-policy");
  const envelope = new Fields("", parse(data, "trust-file"));
  envelope.only("payload", "payloadType", "signatures");
  envelope.choice("payloadType", [PAYLOAD_TYPE]);
  const payload = envelope.octets("payload", MOST_BYTES);
  await check(envelope, payload, signers);
  const found = await policy(payload);
  if (found.region !== signers.region) throw refuse("/region", `a policy of ${found.region}`);
  if (found.version < held) throw new RefusalError("trust-rollback", `policy ${found.version}, older than ${held}`);
  return found;
}

/**
 * Refuse what fewer keys signed than must, each counted once by what it is made of.
 * @param {Fields} envelope @param {Uint8Array} payload @param {Signers} signers
 */
async function check(envelope, payload, { keys, threshold }) {
  const kind = utf8Bytes(PAYLOAD_TYPE);
  const message = concat(utf8Bytes(`DSSEv1 ${kind.length} `), kind, utf8Bytes(` ${payload.length} `), payload);
  const signatures = envelope.objects("signatures", MOST_SIGNATURES).map((one) => {
    one.only("keyid", "sig");
    return one.octets("sig", MOST_SIGNATURE);
  });
  const signed = new Set();
  for (const key of keys) {
    for (const one of signatures) if (await key.verify(one, message)) signed.add(key.spki.join());
  }
  if (signed.size < Math.max(1, threshold)) throw new RefusalError("trust-threshold", `policy: ${signed.size} of ${threshold} keys`);
}

/** @param {Uint8Array} payload @returns {Promise<LocalPolicy>} */
async function policy(payload) {
  const fields = document(payload, "local-policy", MOST_BYTES);
  fields.only("huxin", "v", "region", "version", "deny", "accept", "freshness");
  const deny = fields.object("deny");
  deny.only("regions", "keys");
  const accept = [];
  for (const one of fields.objects("accept", MOST_REGIONS)) accept.push(await accepted(one));
  if (new Set(accept.map((one) => one.region)).size < accept.length) throw refuse("/accept", "a region twice");
  const [region, version] = [fields.region("region"), fields.number("version", 1)];
  const denied = { regions: deny.regions("regions", MOST_REGIONS), keys: deny.digests("keys", MOST_DENIED) };
  const found = limits(fields.object("freshness"));
  // Whether two policies are one is asked of what they say, not of how it is written.
  const files = fields.objects("accept", MOST_REGIONS).map((one) => one.fields.get("keys"));
  const content = JSON.stringify([region, version, [...denied.regions].sort(), [...denied.keys].sort(), files, found]);
  return { region, version, denyRegions: new Set(denied.regions), denyKeys: new Set(denied.keys), accept, limits: found, content };
}

/** @param {Fields} fields */
async function accepted(fields) {
  fields.only("region", "keys");
  let found;
  const data = fields.octets("keys", MOST_KEYS_BYTES);
  try {
    found = await parseRegionKeys(data);
  } catch (error) {
    if (error instanceof RefusalError) throw refuse("/accept", error.detail);
    throw error;
  }
  if (found.region !== fields.region("region")) throw refuse("/accept", `keys of ${found.region}`);
  return found;
}

/** Read limits; a place may be stricter than everybody, not laxer. @param {Fields} fields */
function limits(fields) {
  fields.only("stale_hours", "warn_days", "refuse_days");
  const found = {
    stale: fields.number("stale_hours", 1, 48) * HOUR, warn: fields.number("warn_days", 1, 14) * 24 * HOUR,
    refuse: fields.number("refuse_days", 1, 30) * 24 * HOUR,
  }; // prettier-ignore
  if (!(found.stale <= found.warn && found.warn <= found.refuse)) throw refuse("/freshness", "refuses before it warns");
  return found;
}

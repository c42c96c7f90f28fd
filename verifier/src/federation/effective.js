// Whom a verifier believes: what the federation says, less what was taken away, and what this place adds.
//
//   effective = ((federation − suspended − tombstoned) − local deny) ∪ local bilateral
//
// A key that is taken away keeps its place, with a standing that says by whom.

import { order } from "../kernel/cbor_writer.js";
import { Instant } from "../kernel/instants.js";
import { lapses } from "./charter.js";
import { asAnchor } from "./region_keys.js";

/**
 * @typedef {import("../anchors.js").Anchor} Anchor
 * @typedef {import("./repository.js").TrustList} TrustList
 * @typedef {import("./policy.js").LocalPolicy} LocalPolicy
 * @typedef {{ anchor: Anchor, key: import("./region_keys.js").SigningKey }} Row
 */

/**
 * Return every key with its standing as at `now` and the layer that decided.
 * @param {TrustList} list @param {{ policy: LocalPolicy | null, now: Instant }} at @returns {Anchor[]}
 */
export function effective(list, { policy, now }) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const row of [...federation(list, now), ...bilateral(policy)]) rows.set(placeOf(row), row);
  const buried = new Set(list.tombstones);
  for (const found of policy?.accept ?? []) for (const grave of found.graves) buried.add(grave);
  return [...rows.values()].sort(byPlace).map((row) => settled(row, buried, policy));
}

/** @param {Row} row */
function placeOf({ anchor, key }) {
  return `${anchor.region} ${anchor.domain} ${key.material}`;
}

/** @param {Row} one @param {Row} other */
function byPlace({ anchor: one }, { anchor: other }) {
  const [left, right] = [`${one.region} ${one.domain}`, `${other.region} ${other.domain}`];
  return left === right ? order(one.key.spki, other.key.spki) : left < right ? -1 : 1;
}

/** @param {LocalPolicy | null} policy @returns {Row[]} */
function bilateral(policy) {
  return (policy?.accept ?? []).flatMap(({ region, environment, keys }) =>
    keys.map((key) => ({ anchor: { ...asAnchor(key, region, environment), layer: "bilateral" }, key })),
  );
}

/** @param {TrustList} list @param {Instant} now @returns {Row[]} */
function federation(list, now) {
  return list.members.flatMap((member) => {
    const found = list.keys.get(member.region);
    return found ? ofMember(member, found, list, now) : [];
  });
}

/**
 * @param {import("./charter.js").Member} member @param {import("./region_keys.js").RegionKeys} found
 * @param {TrustList} list @param {Instant} now @returns {Row[]}
 */
function ofMember(member, found, list, now) {
  const { confirmed } = list.charter;
  const stands = list.suspensions.filter((one) => now.micros < lapses(one) || confirmed.includes(one.mark));
  const suspended = stands.filter((one) => one.region === member.region).map((one) => one.key);
  // Until the day on which it becomes active, a region is still on probation.
  const rehearses = member.standing === "probation" || (member.standing === "active" && member.since.micros > now.micros);
  return found.keys.map((key) => {
    const anchor = { ...asAnchor(key, member.region, rehearses ? "test" : found.environment), layer: "federation" };
    if (suspended.includes(null) || suspended.includes(key.material)) {
      Object.assign(anchor, { standing: "suspended", layer: "emergency" });
    }
    if (member.standing === "verify-only" && member.since.micros < key.issueUntil.micros) anchor.issueUntil = member.since;
    return { anchor, key };
  });
}

/**
 * Return the key with the gravest thing that holds for it.
 * @param {Row} row @param {Set<string>} buried @param {LocalPolicy | null} policy @returns {Anchor}
 */
function settled({ anchor, key }, buried, policy) {
  if (buried.has(key.grave)) return { ...anchor, standing: "tombstoned", layer: "region" };
  const denied = policy?.denyRegions.has(anchor.region ?? "") || policy?.denyKeys.has(key.material);
  return denied ? { ...anchor, standing: "denied", layer: "local" } : anchor;
}

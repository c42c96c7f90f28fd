// One refresh of the federation's list: from a place into what is held, all of it or nothing; and what is made of it.
//
//   const { held, freshness } = await refresh(bundlePlace(bytes), null, { root: null, pinned, now });
//   const basis = await basisOf(held, { environment: "production", now });         for `verify`

import { TrustStore } from "../anchors.js";
import { hex, same, sha256 } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { rfc3339 } from "../kernel/instants.js";
import { StatusSets } from "../status/status_sets.js";
import { delegated, officers } from "./authority.js";
import { heldIn, takeCarried } from "./carried_sets.js";
import { effective } from "./effective.js";
import { keysOf, packPolicy, unpacked } from "./held_policy.js";
import { MOST_METADATA, regionOf } from "./layout.js";
import { lint } from "./lint.js";
import { Fetcher } from "./place.js";
import { parsePolicy } from "./policy.js";
import { roleOf } from "./repository.js";
import { Held, ageOf, cut, ownOf } from "./state.js";
import { goneBack } from "./succession.js";
import { verified } from "./updater.js";

export { addressPlace, bundlePlace, filesPlace } from "./place.js";
export { Held, ageOf, openHeld, packHeld } from "./state.js";

const FIRST_ROOT = "metadata/1.root.json";

/**
 * `root` is the first root, where a person has it from elsewhere, `pinned` what its SHA-256 must be; a clock that was
 * `moved` by a person is not remembered as one that was seen.
 * @typedef {import("../kernel/instants.js").Instant} Instant
 * @typedef {import("./freshness.js").Freshness} Freshness
 * @typedef {import("./place.js").Place} Place
 * @typedef {{ root?: Uint8Array | null, pinned?: string | null, now: Instant, moved?: boolean }} Asked
 *
 * `first` is true where the root was met for the first time, and should be compared; `ended` are the regions that did not
 * sign anew in time: none of their keys is believed until they do.
 * @typedef {{ held: Held, freshness: Freshness, versions: Record<string, number>, keys: number, root: string, first: boolean,
 *   ended: string[], sets: number, setsRefused: { file: string, code: string }[] }} Refreshed
 */

/**
 * Bring what is held up to what a place holds; throws `RefusalError`, and what was held is as it was.
 * @param {Place} place @param {Held | null} held @param {Asked} asked @returns {Promise<Refreshed>}
 */
export async function refresh(place, held, { root = null, pinned = null, now, moved = false }) {
  // (1) Whom to begin with: what is held, or a first root that somebody vouches for.
  const start = await startOf(held, place, root, pinned);
  // (2) Time never goes back behind what was seen: signatures and lifetimes are judged no earlier.
  const instant = held !== null && held.latest.micros > now.micros ? held.latest : now;
  // (3) What enough of the right keys signed, and nothing older than what is held.
  const found = await verified(new Fetcher(place, held?.files ?? new Map()), start, instant);
  // (4) What a federation may say at all; nobody is dug up.
  const before = held !== null ? await held.trustList() : null;
  const list = await lint(found.repository, { held: before, now: instant });
  checkAllThere(found);
  // (5) Not behind what was seen, not even where the keys of timestamp and snapshot were changed.
  if (held !== null) checkNotBack(held, found.repository, list);
  // (6) How old it is, by the clock as it stands.
  const after = heldAfter(held, found.files, { list, pinned: start.pinned, clock: moved ? list.signedAt : now });
  const policy = after.policy();
  const age = ageOf(after, now);
  if (age.decision === "refused") throw new RefusalError(age.code, `signed at ${rfc3339(list.signedAt)}`);
  // (7) The status sets that came along, each on its own.
  const keys = effective(list, { policy, now: instant });
  const sets = await takeCarried(place.sets(), held?.files ?? new Map(), { keys, now: instant, listAt: list.signedAt });
  for (const [name, data] of sets.files) after.files.set(name, data);
  after.memory.clock = cut(after.memory.clock);
  return {
    held: after, freshness: age, versions: versionsOf(found.repository), keys: countOf(list), root: start.pinned,
    first: held === null, ended: [...found.ended].map((role) => regionOf(role) ?? role).sort(), sets: sets.files.size,
    setsRefused: sets.refused,
  }; // prettier-ignore
}

/** @param {import("./repository.js").Repository} repository */
function versionsOf({ roles }) {
  return Object.fromEntries([...roles].map(([role, one]) => [role, one.version]));
}

/** @param {import("./repository.js").TrustList} list */
function countOf({ keys }) {
  return [...keys.values()].reduce((sum, one) => sum + one.keys.length, 0);
}

/**
 * Return what to begin with, and the fingerprint of the first root; refuses with `trust-pin`.
 * @param {Held | null} held @param {Place} place @param {Uint8Array | null} root @param {string | null} pinned
 */
async function startOf(held, place, root, pinned) {
  if (held !== null) {
    const wanted = [root !== null ? await fingerprint(root) : null, pinned];
    if (wanted.some((one) => one !== null && one !== held.memory.pinned)) {
      throw new RefusalError("trust-pin", `began with another root: ${held.memory.pinned}`);
    }
    const [timestamp, snapshot] = [held.metadata("timestamp"), held.metadata("snapshot")];
    return { root: held.newestRoot(), timestamp, snapshot, pinned: held.memory.pinned };
  }
  // Whoever answers at an address is not somebody who brought it.
  if (root === null && pinned === null && !place.carried) throw new RefusalError("trust-pin", "an address, and no root");
  const first = root ?? (await brought(place));
  const found = await fingerprint(first);
  if (pinned !== null && pinned !== found) throw new RefusalError("trust-pin", `another root: ${found}`);
  return { root: first, pinned: found };
}

/** @param {Uint8Array} data */
async function fingerprint(data) {
  return hex(await sha256(data));
}

/** Return the first root that somebody brought with the rest. @param {Place} place */
async function brought(place) {
  try {
    return await place.read(FIRST_ROOT, MOST_METADATA);
  } catch (error) {
    if (!(error instanceof RefusalError) || error.code !== "trust-missing") throw error;
    throw new RefusalError("trust-pin", `no ${FIRST_ROOT} among what was brought`);
  }
}

/**
 * Refuse a list that was signed earlier than the held one, or of which a role is older.
 * @param {Held} held @param {import("./repository.js").Repository} repository
 * @param {import("./repository.js").TrustList} list
 */
function checkNotBack(held, repository, list) {
  if (list.signedAt.micros < held.memory.signedAt.micros) {
    throw new RefusalError("trust-rollback", `signed at ${rfc3339(list.signedAt)}`);
  }
  const back = goneBack(held.repository(), repository);
  if (back.length) throw new RefusalError("trust-rollback", `older than held: ${back.join(", ")}`.slice(0, 300));
}

/** Refuse a list of which a role was delegated to and could not be had. @param {import("./updater.js").Verified} found */
function checkAllThere({ repository, ended }) {
  const lacking = delegated(roleOf(repository, "targets")).find((one) => !repository.roles.has(one.role) && !ended.has(one.role));
  if (lacking) throw new RefusalError("trust-missing", lacking.role);
}

/**
 * Return what is held next; roots that were passed stay in it, for those to whom it is handed on.
 * @param {Held | null} held @param {Map<string, Uint8Array>} files
 * @param {{ list: import("./repository.js").TrustList, pinned: string, clock: Instant }} now
 */
function heldAfter(held, files, { list, pinned, clock }) {
  const roots = [...(held?.files ?? [])].filter(([name]) => name.endsWith(".root.json"));
  const latest = held !== null && held.memory.clock.micros > clock.micros ? held.memory.clock : clock;
  const memory = { pinned, signedAt: list.signedAt, clock: latest, buried: list.tombstones };
  return new Held(new Map([...roots, ...files]), memory, held?.own ?? null, list);
}

/**
 * Return whom to believe and what was withdrawn, for `verify`; refuses with `trust-old`, or as reading does.
 * @param {Held} held @param {{ environment: string, now: Instant }} at
 */
export async function basisOf(held, { environment, now }) {
  const [policy, age] = [held.policy(), ageOf(held, now)];
  if (age.decision === "refused") throw new RefusalError(age.code, `signed at ${rfc3339(held.memory.signedAt)}`);
  const anchors = effective(await held.trustList(), { policy, now });
  const trust = new TrustStore(anchors, { environment, asOf: held.memory.signedAt });
  return { trust, status: new StatusSets(await heldIn(held.files)) };
}

/**
 * Return what the regions of the held list call themselves, by code.
 * @param {Held} held @returns {Promise<Record<string, Record<string, string>>>}
 */
export async function namesOf(held) {
  const { members } = await held.trustList();
  return Object.fromEntries(members.map((one) => [one.region, one.name]));
}

/**
 * Return what is held with a policy of the place's own region in force; `keys` serve where the region is no member.
 * Refuses with `trust-file`, `trust-threshold`, `trust-rollback`, `trust-pin` or `too-big`.
 * @param {Held} held @param {Uint8Array} data @param {{ region: string, keys?: Uint8Array[] }} place
 */
export async function takePolicy(held, data, { region, keys = [] }) {
  const listed = officers(roleOf(held.repository(), "targets"), region);
  // A key that was given twice is one key; what is packed names each once.
  const given = new Map(keys.map((one) => [hex(one), one]));
  const signing = listed.keys.length ? listed.keys : [...given.values()];
  const signers = { region, keys: await keysOf(signing), threshold: listed.threshold };
  const before = held.policy();
  if (before !== null && before.region !== region) {
    throw new RefusalError("trust-pin", `this place keeps the policy of ${before.region}`);
  }
  const found = await parsePolicy(data, signers, before?.version ?? 0);
  if (before !== null && found.version === before.version && found.content !== before.content) {
    throw new RefusalError("trust-rollback", `another policy ${found.version} is in force`);
  }
  const after = new Held(held.files, held.memory, await ownOf(packPolicy(data, signers)));
  after.list = held.list;
  return after;
}

/**
 * Return what is held with a policy in force as a node of the place packed it; `null` where that changes nothing.
 * Refuses as `takePolicy` does: the signatures count, not who packed it.
 * @param {Held} held @param {Uint8Array} packed @param {string} region
 */
export async function ownPolicy(held, packed, region) {
  const { envelope, keys } = unpacked(packed);
  const after = await takePolicy(held, envelope, { region, keys });
  return held.own && after.own && same(held.own.packed, after.own.packed) ? null : after;
}

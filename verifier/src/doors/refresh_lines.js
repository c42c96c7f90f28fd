// The trust list at a door of its own: lists that come one after another into one state, and what comes of each.
//
// Lines are those of `huxin trust refresh --jsonl`; docs/reference/jsonl.md has their fields.

import { b64Bytes, hex, sha256 } from "../kernel/bytes.js";
import { RefusalError, UnusableKeyError } from "../kernel/errors.js";
import { parseInstant, rfc3339 } from "../kernel/instants.js";
import { keyOfCompact } from "../kernel/keys.js";
import { isMap } from "../credentials/untrusted.js";
import { bad, bounded, identifier, oneObject } from "./lines.js";
import { basisOf, bundlePlace, filesPlace, openHeld, packHeld, refresh, takePolicy } from "../federation/client.js";

const MOST_STEPS = 100;
const ENVIRONMENTS = ["production", "test"];

/**
 * @typedef {import("../federation/client.js").Held} Held
 * @typedef {Record<string, any>} Case
 */

/** What is answered to a line that could not be looked at. */
export const unread = { id: null, code: "bad-input", steps: [], held: null };

/** Return the answer to one case. @param {Uint8Array} line */
export async function answer(line) {
  let id = null;
  try {
    const found = oneObject(line);
    id = identifier(found);
    bounded(found);
    return { id, ...(await told(found)) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { ...unread, id };
  }
}

/** @param {Case} found */
async function told(found) {
  const steps = [];
  for (const one of listed(found.steps)) steps.push(await read(one));
  const environment = found.environment || ENVIRONMENTS[0];
  if (!ENVIRONMENTS.includes(environment)) throw bad("environment");
  let held = (found.held ?? null) === null ? null : await openHeld(bytes(found.held));
  const answers = [];
  for (const step of steps) {
    const [after, answer] = await taken(step, held);
    held = after;
    answers.push(answer);
  }
  if (held === null || steps.length === 0) return { code: "", steps: answers, held: null };
  const what = await described(held, { environment, now: steps[steps.length - 1].at });
  const packed = found.pack === true ? { packed: btoa(binary(await packHeld(held))) } : {};
  return { code: "", steps: answers, held: what, ...packed };
}

/** @param {unknown} found @returns {any[]} */
function listed(found) {
  if (!Array.isArray(found) || found.length > MOST_STEPS) throw bad("not a list");
  return found;
}

/** @param {Uint8Array} data */
function binary(data) {
  return Array.from(data, (byte) => String.fromCharCode(byte)).join("");
}

/**
 * A list, or the place's own policy, as it is shown at an instant.
 * @typedef {{ data: Uint8Array, region: string, keys: Uint8Array[] }} Shown
 * @typedef {{ at: import("../kernel/instants.js").Instant, moved: boolean, root: Uint8Array | null,
 *   place: () => import("../federation/place.js").Place, policy: Shown | null }} Step
 */

/** @param {any} found @returns {Promise<Step>} */
async function read(found) {
  if (!isMap(found)) throw bad("a step that is no object");
  const step = /** @type {Case} */ (found);
  const given = ["bundle", "files", "policy"].filter((name) => (step[name] ?? null) !== null);
  if (given.length !== 1) throw bad("one of bundle, files, policy");
  return {
    at: parseInstant(text(step.at)), moved: step.moved === true, root: (step.root ?? null) === null ? null : bytes(step.root),
    place: placeOf(step), policy: given[0] === "policy" ? await policyOf(step) : null,
  }; // prettier-ignore
}

/** Return what opens the place of a step: a bundle that is none is refused as a list, not as a line. @param {Case} step */
function placeOf(step) {
  if ((step.files ?? null) !== null) {
    const files = filesOf(step.files);
    return () => filesPlace(files);
  }
  const data = bytes(step.bundle || "");
  return () => bundlePlace(data);
}

/** @param {unknown} found */
function filesOf(found) {
  if (!isMap(found)) throw bad("files");
  return new Map(Object.entries(found).map(([name, one]) => [name, bytes(one)]));
}

/** @param {Case} step @returns {Promise<Shown>} */
async function policyOf(step) {
  const keys = (step.keys ?? null) === null ? [] : listed(step.keys).map(bytes);
  try {
    for (const key of keys) await keyOfCompact("EdDSA", key);
  } catch (error) {
    if (error instanceof UnusableKeyError) throw bad("a key that is none");
    throw error;
  }
  return { data: bytes(step.policy), region: text(step.region), keys };
}

/** @param {unknown} value */
function text(value) {
  if (typeof value !== "string") throw bad("not a text");
  return value;
}

/** @param {unknown} value */
function bytes(value) {
  const data = b64Bytes(text(value));
  if (data === null) throw bad("not base64");
  return data;
}

/**
 * Return what is held after a step, and what is told of it.
 * @param {Step} step @param {Held | null} held @returns {Promise<[Held | null, object]>}
 */
async function taken(step, held) {
  try {
    return step.policy !== null ? await inForce(step.policy, held) : await refreshed(step, held);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return [held, { decision: "refused", code: error.code }];
  }
}

/** @param {Shown} shown @param {Held | null} held @returns {Promise<[Held, object]>} */
async function inForce({ data, region, keys }, held) {
  if (held === null) throw new RefusalError("trust-missing", "no list was accepted here yet");
  const after = await takePolicy(held, data, { region, keys });
  return [after, { decision: "in-force", code: "", version: after.policy()?.version ?? 0 }];
}

/** @param {Step} step @param {Held | null} held @returns {Promise<[Held, object]>} */
async function refreshed({ at, moved, root, place }, held) {
  const found = await refresh(place(), held, { root, now: at, moved });
  const { decision, code, ageHours, signedAt, warn } = found.freshness;
  return [
    found.held,
    {
      decision, code, versions: found.versions, keys: found.keys, signed_at: rfc3339(signedAt), age_hours: ageHours, warn,
      root: found.root, first: found.first, ended: found.ended, status_sets: found.sets, status_sets_refused: found.setsRefused,
    }, // prettier-ignore
  ];
}

/** Return what is remembered, and whom a verifier believes. @param {Held} held @param {{ environment: string, now: any }} at */
async function described(held, at) {
  const { memory } = held;
  return {
    root: memory.pinned, signed_at: rfc3339(memory.signedAt), clock: rfc3339(memory.clock), buried: [...memory.buried].sort(),
    files: [...held.files.keys()].sort(), ...(await believed(held, at)),
  }; // prettier-ignore
}

/** @param {Held} held @param {{ environment: string, now: any }} at */
async function believed(held, at) {
  try {
    const { trust } = await basisOf(held, at);
    const rows = [];
    for (const one of [...trust.byKid.values()].flat()) rows.push(await row(one));
    return { code: "", keys: rows.sort((one, other) => (one.join() < other.join() ? -1 : 1)) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { code: error.code, keys: [] };
  }
}

/** @param {import("../anchors.js").Anchor} one */
async function row(one) {
  const times = [one.validFrom, one.validUntil, one.issueUntil].map((time) => (time === null ? "" : rfc3339(time)));
  const usage = one.usage === null ? "" : [...one.usage].sort().join(" ");
  return [
    one.region ?? "", one.domain, hex(one.kid), hex(await sha256(one.key.spki)), one.environment, one.standing, one.layer,
    ...times, usage, one.issuer ?? "",
  ]; // prettier-ignore
}

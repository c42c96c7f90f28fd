// Signed status sets that come along with a trust list: who may sign them, and what they are called where they are kept.
//
// A list that was carried for a week must be readable, and so must what came with it: a set is judged at the instant of
// the list, if it is over by now.  A bad set never keeps the list away.

import { hex, sha256, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { accept, reopen } from "../status/signed_set.js";
import { isStatusName } from "./bundle.js";

/** Bytes of all sets that are kept beside a trust list: they must never leave it without room. */
const MOST_TOTAL = 8_000_000;

/**
 * @typedef {import("../status/signed_set.js").Held} HeldSet
 * @typedef {import("./bundle.js").Files} Files
 * @typedef {import("../kernel/instants.js").Instant} Instant
 * @typedef {{ keys: import("../anchors.js").Anchor[], now: Instant, listAt: Instant }} Judging
 * @typedef {{ files: Files, taken: number, refused: { file: string, code: string }[] }} Carried
 */

/**
 * Return the sets among files that were accepted before; refuses with `trust-file` what is spoilt.
 * @param {Files} files @returns {Promise<HeldSet[]>}
 */
export async function heldIn(files) {
  const held = [];
  try {
    for (const [name, data] of files) if (isStatusName(name)) held.push(await reopen(data));
  } catch (error) {
    if (error instanceof RefusalError) throw new RefusalError("trust-file", `status: ${error.detail}`);
    throw error;
  }
  return held;
}

/**
 * Take the sets that came with a list; those that are held stay where one is refused.
 * @param {Files} came @param {Files} kept @param {Judging} judging @returns {Promise<Carried>}
 */
export async function takeCarried(came, kept, judging) {
  const files = new Map([...kept].filter(([name]) => isStatusName(name)));
  const held = new Map((await heldIn(files)).map((one) => [listOf(one), one]));
  const refused = [];
  let taken = 0;
  for (const name of [...came.keys()].sort()) {
    const data = /** @type {Uint8Array} */ (came.get(name));
    try {
      const whole = await reopen(data);
      const before = held.get(listOf(whole)) ?? null;
      if (before !== null && whole.version <= before.version) continue;
      const found = await judged(data, whole, before, judging);
      await checkPlace(name, data, found, files);
      files.set(name, data);
      held.set(listOf(found), found);
      taken += 1;
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      refused.push({ file: name, code: error.code });
    }
  }
  return { files, taken, refused };
}

/** @param {HeldSet} held */
function listOf({ name }) {
  return `${name.region}\n${name.uri}`;
}

/** @param {Uint8Array} data @param {HeldSet} whole @param {HeldSet | null} before @param {Judging} judging */
async function judged(data, whole, before, { keys, now, listAt }) {
  try {
    return await accept(data, whole.name, keys, before, now);
  } catch (error) {
    if (!(error instanceof RefusalError) || error.code !== "expired") throw error;
  }
  return accept(data, whole.name, keys, before, whole.asOf.micros > listAt.micros ? whole.asOf : listAt);
}

/** @param {string} name @param {Uint8Array} data @param {HeldSet} found @param {Files} files */
async function checkPlace(name, data, found, files) {
  const digest = hex(await sha256(utf8Bytes(listOf(found))));
  if (name !== `status/${digest}.hxs`) throw new RefusalError("bad-input", "a set under the name of another list");
  let total = data.length;
  for (const [other, one] of files) if (other !== name) total += one.length;
  if (total > MOST_TOTAL) throw new RefusalError("too-big", `more than ${MOST_TOTAL} bytes of status sets`);
}

// Does a list go back behind the one that was held?  Beyond TUF's own comparison, which new witnesses' keys end.
//
// A role restarts only with keys that are all its own new ones; spec/federation.md, 6.2.

import { mandates } from "./authority.js";
import { WITNESSES } from "./layout.js";
import { roleOf } from "./repository.js";

/** @typedef {import("./repository.js").Repository} Repository */

/**
 * Return the roles with an older version than held, though a key of those who knew it is still theirs.
 * @param {Repository} held @param {Repository} found
 */
export function goneBack(held, found) {
  const [before, after] = [keyids(held), keyids(found)];
  return [...found.roles]
    .filter(([role, file]) => {
      if (WITNESSES.includes(role) || file.version >= known(held, role)) return false;
      // Whose keys are not held any more, a region that was expelled, is known by nobody but its version.
      const former = before.get(role);
      return former === undefined || (after.get(role) ?? []).some((one) => former.includes(one));
    })
    .map(([role]) => role)
    .sort();
}

/**
 * Return the version that a role is known to have had, if it is gone or has ended in the held list too; else 0.
 * @param {Repository} held @param {string} role @returns {number}
 */
function known(held, role) {
  const listed = roleOf(held, "snapshot").signed.get("meta").get(`${role}.json`)?.get("version") ?? 0;
  return Math.max(Number(listed), held.roles.get(role)?.version ?? 0);
}

/** @param {Repository} repository @returns {Map<string, string[]>} */
function keyids(repository) {
  const all = mandates(roleOf(repository, "root"), roleOf(repository, "targets"));
  return new Map(all.map((one) => [one.role, one.keys.map((key) => key.keyid)]));
}

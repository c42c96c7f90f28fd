// Lets the second implementation take a list from an address: lines of {address, at, root?, pinned?} in, one state, answers out.

import { createInterface } from "node:readline";

import { addressPlace, openHeld, packHeld, refresh } from "../../verifier/src/federation/client.js";
import { RefusalError } from "../../verifier/src/kernel/errors.js";
import { parseInstant } from "../../verifier/src/kernel/instants.js";

let held = null;

async function answer({ address, at, root, pinned }) {
  try {
    const first = root ? new Uint8Array(Buffer.from(root, "base64")) : null;
    const place = addressPlace(address, globalThis.fetch);
    const found = await refresh(place, held, { root: first, pinned: pinned ?? null, now: parseInstant(at) });
    // What is held is put away and taken up again, as a page does.
    held = await openHeld(await packHeld(found.held));
    return { code: found.freshness.code, first: found.first, keys: found.keys, versions: found.versions };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { code: error.code };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}

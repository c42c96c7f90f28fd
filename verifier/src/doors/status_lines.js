// Lists of withdrawn places at a door of their own: a line as in spec/vectors/status.jsonl in, what comes of it out.

import { anchor } from "../anchors.js";
import { b64Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { parseInstant } from "../kernel/instants.js";
import { keyOfJwk } from "../kernel/keys.js";
import * as rice from "../status/rice.js";
import { accept } from "../status/signed_set.js";
import { decode, openCwt, openJwt } from "../status/token_list.js";

/** What is answered to a line that could not be looked at. */
export const unread = { id: null, refused: "bad-input" };

/** Return `{id, bits, indices, version?}` or `{id, refused}`. @param {Uint8Array} line */
export async function answer(line) {
  const found = JSON.parse(new TextDecoder().decode(line));
  try {
    return { id: found.id, ...(await told(found)) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { id: found.id, refused: error.code };
  }
}

/** @param {string} text */
function bytes(text) {
  const data = b64Bytes(text);
  if (data === null) throw new RefusalError("bad-input", "not base64");
  return data;
}

/** @param {any} found */
async function told(found) {
  if (found.form === "set") return places(rice.decode(bytes(found.data)));
  if (found.form === "list") return places(decode(bytes(found.data)));
  const [key, now] = [await keyOfJwk(found.keys[0].jwk), parseInstant(found.at)];
  if (found.form === "jwt") return places(await openJwt(found.text, { key, uri: found.uri, now }));
  if (found.form === "cwt") return places(await openCwt(bytes(found.data), { key, uri: found.uri, now }));
  const name = { region: found.region, uri: found.uri };
  const keys = [anchor({ region: found.region, domain: "huxin", kid: bytes(found.keys[0].kid), key })];
  let held = null;
  for (const data of [...found.held, found.data]) held = await accept(bytes(data), name, keys, held, now);
  if (held === null) throw new RefusalError("bad-input", "nothing shown");
  return { ...places(held.found), version: held.version };
}

/** @param {import("../status/index_set.js").IndexSet} set */
function places({ bits, indices }) {
  return { bits, indices };
}

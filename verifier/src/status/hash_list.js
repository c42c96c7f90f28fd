// Revocation lists of EU certificates: hashes cut to 16 bytes, in batches of one kind.  Twin of huxin.trust.status.hash_list.

import { b64Bytes, hex, utf8Bytes } from "../kernel/bytes.js";
import { RefusalError } from "../kernel/errors.js";
import { sha256Now } from "../kernel/sha256.js";
import { get, isMap } from "../credentials/untrusted.js";
import { CardRevocationLists } from "./card_revocation_list.js";
import { Several } from "./several.js";

const HASH_BYTES = 16;
const MAX_ENTRIES = 1_000_000;
const KINDS = ["SIGNATURE", "UCI", "COUNTRYCODEUCI"];

/** Return what lists of others say together, of health cards and of hashes. @param {unknown[]} documents */
export function listsOfOthers(documents) {
  const isBatch = (/** @type {unknown} */ one) => isMap(one) && "hashType" in /** @type {object} */ (one);
  const lists = documents.filter((one) => !isBatch(one));
  return new Several([new CardRevocationLists(lists), new HashLists(documents.filter(isBatch))]);
}

/** Batches of several keys, ready to ask. */
export class HashLists {
  /** @param {unknown[]} batches */
  constructor(batches) {
    /** @type {Set<string>} */
    this.listed = new Set();
    for (const batch of batches) {
      const [kind, kid, entries] = isMap(batch) ? ["hashType", "kid", "entries"].map((name) => get(batch, name)) : [];
      if (typeof kind !== "string" || !KINDS.includes(kind)) throw bad("a hash list of another kind");
      if (!Array.isArray(entries) || entries.length > MAX_ENTRIES) throw bad("a hash list without entries, or with too many");
      const key = octets(kid);
      for (const entry of entries) this.listed.add(place(kind, key, hashOf(entry)));
    }
  }

  /** Tell whether any batch of the anchor's kid holds the card's hash of its kind. @param {any} credential @param {any} anchor */
  revoked(credential, anchor) {
    return hashesOf(credential).some(([kind, hash]) => this.listed.has(place(kind, anchor.kid, hash)));
  }
}

/** Return by kind the hashes under which a card may be listed. @param {any} credential @returns {[string, Uint8Array][]} */
function hashesOf(credential) {
  const { algorithm, signature, facts, issuer } = credential;
  const half = algorithm === "ES256" ? signature.subarray(0, Math.floor(signature.length / 2)) : signature;
  /** @type {[string, Uint8Array][]} */
  const texts = [["SIGNATURE", half]];
  const uci = facts?.identifier ?? null;
  if (uci !== null) texts.push(["UCI", utf8Bytes(uci)], ["COUNTRYCODEUCI", utf8Bytes((issuer ?? "") + uci)]);
  return texts.map(([kind, data]) => [kind, sha256Now(data).subarray(0, HASH_BYTES)]);
}

/** @param {string} kind @param {Uint8Array} kid @param {Uint8Array} hash */
function place(kind, kid, hash) {
  return `${kind} ${hex(kid)} ${hex(hash)}`;
}

/** @param {unknown} entry */
function hashOf(entry) {
  if (!isMap(entry) || Object.keys(/** @type {object} */ (entry)).join() !== "hash") throw bad("an entry of the wrong form");
  const found = octets(get(entry, "hash"));
  if (found.length !== HASH_BYTES) throw bad("a hash of another length");
  return found;
}

/** @param {unknown} text */
function octets(text) {
  const found = typeof text === "string" ? b64Bytes(text) : null;
  if (found === null) throw bad("not base64");
  return found;
}

/** @param {string} detail */
function bad(detail) {
  return new RefusalError("bad-input", detail);
}

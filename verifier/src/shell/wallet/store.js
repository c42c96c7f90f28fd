// What a phone keeps of its person's cards: one record in this browser's own store, and the way to be rid of it.
//
// It holds what the node handed out: words, a day, and the drawn code.  Nothing here asks anybody anything.

/**
 * @typedef {{ zh: string, en: string }} Words
 * @typedef {{ kind: Words, name: string, latin: string, born: string, until: string, specimen: boolean, code: string, read: any }} KeptCard
 *   `read` is what rules read of it, or why it does not count
 * @typedef {{ name: string, own: boolean, cards: KeptCard[] }} KeptOwner
 * @typedef {{ huxin: "kept-wallet", v: 1, at: string, zone: string, purposes: Record<string, Words>, rules: any, words: any, owners: KeptOwner[] }} KeptWallet
 */

export const NAME = "huxin-wallet";
export const SCOPE = "/wallet/offline/";
const STORE = "kept";
const KEY = "wallet";

/** Return what is kept, `null` where nothing is. @returns {Promise<KeptWallet | null>} */
export async function read() {
  return (await deed("readonly", (store) => store.get(KEY))) ?? null;
}

/** Keep a wallet in the place of what was kept before. @param {KeptWallet} wallet */
export async function keep(wallet) {
  await deed("readwrite", (store) => store.put(wallet, KEY));
}

/** Let nothing be left: the cards first, then the page that shows them. */
export async function forget() {
  await new Promise((done) => {
    const gone = indexedDB.deleteDatabase(NAME);
    // Another tab may still hold it; it lets go when it closes, and a wallet that was emptied is empty there too.
    gone.onsuccess = gone.onerror = gone.onblocked = () => done(undefined);
  });
  const names = (await caches.keys()).filter((name) => name.startsWith(`${NAME}-`));
  await Promise.all(names.map((name) => caches.delete(name)));
  for (const one of await navigator.serviceWorker.getRegistrations()) {
    if (new URL(one.scope).pathname === SCOPE) await one.unregister();
  }
}

/**
 * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} what
 * @returns {Promise<any>}
 */
async function deed(mode, what) {
  const database = await opened();
  try {
    return await new Promise((done, fail) => {
      const way = database.transaction(STORE, mode);
      const asked = what(way.objectStore(STORE));
      way.oncomplete = () => done(asked.result);
      way.onabort = way.onerror = () => fail(way.error);
    });
  } finally {
    // Whoever lets it stand open keeps others from deleting it.
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

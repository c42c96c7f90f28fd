// What changes from day to day, such as the list of keys: from the server if it answers, else as it was had last.
//
// Nothing here is about a person; what may be kept is named one by one.

const PATIENCE = 4_000;
const MOST = 32_000_000;
/** What a file begins with: the page of a hotel's network, sent instead of the file, begins with something else. */
const BEGINNINGS = new Map([
  ["json", [0x7b]],
  ["bundle", [0x1f, 0x8b]],
]);

export class Data {
  /** @param {string} cache @param {string} scope @param {readonly string[]} names */
  constructor(cache, scope, names) {
    this.cache = cache;
    this.addresses = new Set(names.map((name) => new URL(name, scope).href));
  }

  /** Return whether an address is one of these files. @param {string} address */
  has(address) {
    return this.addresses.has(plain(address));
  }

  /** Bring what can be had now, so that a page that was opened once has all of it. */
  async keep() {
    await Promise.allSettled([...this.addresses].map((address) => this.answer(address)));
  }

  /** Return a file: the server's, else the kept one, else a plain "not there". @param {string} address */
  async answer(address) {
    const cache = await caches.open(this.cache);
    const asked = plain(address);
    const fresh = await asking(asked).catch(() => null);
    if (fresh) {
      await cache.put(asked, fresh.clone());
      return fresh;
    }
    return (await cache.match(asked)) ?? new Response(null, { status: 504 });
  }
}

/** @param {string} address */
function plain(address) {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** Return the server's file, `null` where it has none or sent something else; throws where nobody answers in time. @param {string} address */
async function asking(address) {
  const leave = new AbortController();
  const bell = setTimeout(() => leave.abort(), PATIENCE);
  try {
    return await sound(await fetch(address, { cache: "no-cache", credentials: "omit", redirect: "error", signal: leave.signal }));
  } finally {
    clearTimeout(bell);
  }
}

/** @param {Response} answer */
async function sound(answer) {
  if (!answer.ok) return null;
  const data = new Uint8Array(await answer.arrayBuffer());
  const begins = BEGINNINGS.get(answer.url.slice(answer.url.lastIndexOf(".") + 1)) ?? [];
  if (data.length > MOST || !begins.every((byte, at) => data[at] === byte)) return null;
  const type = answer.headers.get("Content-Type") ?? "application/octet-stream";
  return new Response(data, { headers: { "Content-Type": type, "Cache-Control": "no-cache" } });
}

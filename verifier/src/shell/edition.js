// One edition of a folder's files, kept whole: all of them as the build named them, or none.
//
// - what is kept is what the build made: a file that differs is not taken, and the edition before stays;
// - a name is a file's own name, never what was asked: no query, no code ever becomes a key;
// - only caches of this folder are touched: two copies on one address do not meet.

/**
 * @typedef {{ name: string, scope: string, edition: string, files: Record<string, string> }} Folder
 *   `name` begins the names of its caches, `scope` is its address
 */

const TYPES = new Map([
  ["css", "text/css; charset=utf-8"],
  ["html", "text/html; charset=utf-8"],
  ["js", "text/javascript; charset=utf-8"],
  ["json", "application/json"],
  ["png", "image/png"],
  ["svg", "image/svg+xml"],
  ["txt", "text/plain; charset=utf-8"],
  ["wasm", "application/wasm"],
  ["webmanifest", "application/manifest+json"],
]);
/** What a page may do is said by its server, and holds as well without it. */
const HEADERS = ["Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"];
const DIGEST_LETTERS = 16;

export class Edition {
  /** @param {Folder} folder */
  constructor(folder) {
    this.folder = folder;
    this.begin = `${folder.name}-${new URL(folder.scope).pathname}-`;
    this.cache = `${this.begin}${folder.edition}`;
  }

  /** Return which file of the folder is meant, `null` for none: the folder itself is its page. @param {string} address */
  named(address) {
    const asked = new URL(address);
    const scope = new URL(this.folder.scope);
    if (asked.origin !== scope.origin || !asked.pathname.startsWith(scope.pathname)) return null;
    const name = asked.pathname.slice(scope.pathname.length) || "index.html";
    return Object.hasOwn(this.folder.files, name) ? name : null;
  }

  /** Bring all files, or throw and leave nothing of this edition. */
  async keep() {
    const before = (await this.others()).map((name) => caches.open(name));
    const cache = await caches.open(this.cache);
    const names = Object.keys(this.folder.files);
    // All come to their end before anything is judged, so that none is written after the rest was dropped.
    const done = await Promise.allSettled(
      names.map(async (name) => cache.put(this.address(name), await this.bring(name, before))),
    );
    const failed = done.find((one) => one.status === "rejected");
    if (!failed) return;
    await caches.delete(this.cache);
    throw failed.reason;
  }

  /** Return the kept file, or ask the server for it where a browser threw it away. @param {string} name */
  async file(name) {
    const cache = await caches.open(this.cache);
    const kept = await cache.match(this.address(name));
    if (kept) return kept;
    const brought = await this.bring(name, []);
    await cache.put(this.address(name), brought.clone());
    return brought;
  }

  /** Let go of the editions before this one. */
  async dropOthers() {
    await Promise.all((await this.others()).map((name) => caches.delete(name)));
  }

  /** @returns {Promise<string[]>} */
  async others() {
    return (await caches.keys()).filter((name) => name !== this.cache && this.isOurs(name));
  }

  /** Tell whether a cache holds an edition of this folder. @param {string} name */
  isOurs(name) {
    return name.startsWith(this.begin) && /^[0-9a-f]{16}$/.test(name.slice(this.begin.length));
  }

  /** @param {string} name */
  address(name) {
    return new URL(name, this.folder.scope).href;
  }

  /** Return a file as it was built: of an edition before where it is the same, else from the server. @param {string} name @param {Promise<Cache>[]} before */
  async bring(name, before) {
    // A page's headers are its server's, and may have changed though the page did not.
    for (const one of name.endsWith(".html") ? [] : before) {
      const kept = await (await one).match(this.address(name));
      if (kept && (await this.isBuilt(name, await kept.clone().arrayBuffer()))) return kept;
    }
    const answer = await fetch(this.address(name), { cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(`${name}: answered with ${answer.status}`);
    const data = await answer.arrayBuffer();
    if (!(await this.isBuilt(name, data))) throw new Error(`${name}: of another edition`);
    return own(name, answer.headers, data);
  }

  /** @param {string} name @param {ArrayBuffer} data */
  async isBuilt(name, data) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    const letters = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return letters.slice(0, DIGEST_LETTERS) === this.folder.files[name];
  }
}

/** Return an answer of our own: a server of plain files knows few types, and may have led elsewhere. @param {string} name @param {Headers} told @param {ArrayBuffer} data */
function own(name, told, data) {
  const type = TYPES.get(name.slice(name.lastIndexOf(".") + 1)) ?? "application/octet-stream";
  const headers = new Headers({ "Content-Type": type });
  for (const one of HEADERS) {
    const said = told.get(one);
    if (said !== null) headers.set(one, said);
  }
  return new Response(data, { headers });
}

// What lies beside the page, by relative address: from the network, or out of what the service worker kept.

const LARGEST = 20_000_000;

/** Return a file's JSON. @param {string} name @returns {Promise<any>} */
export async function fetched(name) {
  const bytes = await fetchedBytes(name);
  if (bytes === null) throw new Error(`not there: ${name}`);
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Return a file's bytes; `null` where it is not to be had. @param {string} name @returns {Promise<Uint8Array | null>} */
export async function fetchedBytes(name) {
  try {
    const answer = await fetch(new URL(name, document.baseURI), { cache: "no-cache", credentials: "same-origin" });
    if (!answer.ok || Number(answer.headers.get("Content-Length") ?? 0) > LARGEST) return null;
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    return null;
  }
}

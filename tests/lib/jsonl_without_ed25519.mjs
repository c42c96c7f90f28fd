// The doors of the second implementation, as a browser has them whose WebCrypto knows no Ed25519: with the library that the
// page lends to such a browser.

import { lendEdwards } from "../../verifier/src/kernel/edwards.js";

const importKey = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = async (format, data, algorithm, ...rest) => {
  if ((algorithm.name ?? algorithm) === "Ed25519") throw new DOMException("no such algorithm", "NotSupportedError");
  return importKey(format, data, algorithm, ...rest);
};
lendEdwards(() => import("../../verifier/src/page/edwards_library.js"));
await import("../../verifier/bin/jsonl.mjs");

// Builds what browsers load: `node verifier/build.mjs OUT`.  `make assets` writes into the package, where it is committed.
// With `--own` nobody else's module is built in, so that the size of ours can be told.
//
// The same sources give the same bytes: versions are pinned, nothing of this machine is in the output.  A part that is
// named here and is not there is a fault, not a part less.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { argv, exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const COMMON = {
  bundle: true,
  minify: true,
  charset: "utf8",
  // Phones of five years ago.
  target: ["es2022", "chrome94", "firefox100", "safari15.4"],
  legalComments: "none",
  absWorkingDir: HERE,
  logLevel: "warning",
  external: argv.includes("--own") ? ["zxing-wasm/*", "@noble/*"] : [],
  banner: { js: "// Built from verifier/ by `make assets`; change it there." },
};

/** Modules for pages of the node: where in `src`, to where. @type {[string, string][]} */
const MODULES = [
  ["rules/journey.js", "rules.js"],
  ["shell/wallet/keep.js", "keep.js"],
  ["shell/wallet/forget.js", "forget.js"],
];

const STATIC = "../src/huxin/node/base/static/huxin";
/** What the folder of the verifier is made of: what is copied, which modules, and the service worker. */
const FOLDER = {
  copied: [
    ["page", "."],
    [`${STATIC}/tokens.css`, "tokens.css"],
    [`${STATIC}/huxin.css`, "huxin.css"],
    ["node_modules/zxing-wasm/dist/reader/zxing_reader.wasm", "zxing_reader.wasm"],
    ["node_modules/zxing-wasm/LICENSE", "licences/zxing-wasm.txt"],
    ["node_modules/@noble/curves/LICENSE", "licences/noble-curves.txt"],
    ["node_modules/@noble/hashes/LICENSE", "licences/noble-hashes.txt"],
    ["../LICENSE", "licences/apache-2.0.txt"],
  ],
  modules: [
    ["page/app.js", "app.js"],
    ["page/reader.js", "reader.js"],
    ["page/training.js", "training.js"],
    ["page/edwards_library.js", "edwards_library.js"],
  ],
  service: "shell/service.js",
};
/** The page that shows cards which people keep on their own phone. */
const WALLET = {
  copied: [
    ["wallet", "."],
    ["page/icon.svg", "icon.svg"],
    [`${STATIC}/tokens.css`, "tokens.css"],
    [`${STATIC}/huxin.css`, "huxin.css"],
  ],
  modules: [["shell/wallet/page.js", "page.js"]],
  service: "shell/wallet/service.js",
};

/** Languages whose sentences about codes stand in the register; the others bring their own. @type {[string, string][]} */
const REGISTERED = [
  ["zh-Hans", "zh"],
  ["en", "en"],
];
const TOLD = ["verdict", "list"];

/** @param {string} out @param {string} entry @param {string} to @param {object} [more] */
async function bundled(out, entry, to, more = {}) {
  await build({ ...COMMON, format: "esm", entryPoints: [join("src", entry)], outfile: join(out, to), ...more });
}

/** Every file below a folder, by its name with slashes, in order. @param {string} folder @returns {Promise<string[]>} */
async function filesBelow(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile());
  return files.map((one) => relative(folder, join(one.parentPath ?? one.path, one.name)).split(sep).join("/")).sort();
}

/** Put what the register says of each code into the tables of its two languages. @param {string} folder */
async function withCodes(folder) {
  const { codes } = JSON.parse(await readFile(resolve(HERE, "../src/huxin/spec/codes.json"), "utf8"));
  const told = codes.filter((one) => TOLD.includes(one.kind));
  for (const [language, key] of REGISTERED) {
    const file = join(folder, "languages", `${language}.json`);
    const table = JSON.parse(await readFile(file, "utf8"));
    table.codes = Object.fromEntries(told.map((one) => [one.code, { text: one.text[key], next: one.next[key] }]));
    await writeFile(file, `${JSON.stringify(table)}\n`);
  }
}

/** A folder: its page, its modules, and last the service worker, which knows all of them. @param {string} folder @param {typeof FOLDER} parts */
async function whole(folder, parts) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [from, to] of parts.copied) await cp(resolve(HERE, from), join(folder, to), { recursive: true });
  if (parts === FOLDER) await withCodes(folder);
  for (const [entry, to] of parts.modules) await bundled(folder, entry, to);
  const files = {};
  for (const name of await filesBelow(folder)) files[name] = digest(await readFile(join(folder, name)));
  const define = { __FILES__: JSON.stringify(files), __EDITION__: JSON.stringify(digest(JSON.stringify(files))) };
  // A service worker is a classic script in more browsers than it is a module.
  await bundled(folder, parts.service, "service.js", { format: "iife", define });
}

/** @param {string | Uint8Array} data */
function digest(data) {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}

if (!argv[2]) {
  stderr.write("usage: node verifier/build.mjs OUT [--own]\n");
  exit(2);
}
const out = resolve(argv[2]);
for (const [entry, to] of MODULES) await bundled(out, entry, to);
await whole(join(out, "verifier"), FOLDER);
await whole(join(out, "wallet"), WALLET);

// Reads trust repositories with tuf-js: one case a line in, its answer a line out.
//   {"folder", "steps": [{"url", "at", "targets": [path, …]}, …], "root" (base64)}  →  {"steps": ["ok" | error, …]}
// tuf-js reads the clock, so the clock is set to the instant of each step.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { Updater } = createRequire(import.meta.url)('tuf-js');
const Wall = Date;
let at = 0;
globalThis.Date = class extends Wall {
  constructor(...given) {
    super(...(given.length ? given : [at]));
  }
};

async function step(folder, { url, targets }) {
  const options = {
    metadataDir: join(folder, 'metadata'),
    metadataBaseUrl: `${url}/metadata`,
    targetDir: join(folder, 'targets'),
    targetBaseUrl: `${url}/targets`,
    config: { maxDelegations: 400, rootMaxLength: 2000000, fetchRetry: 0, fetchTimeout: 20000 },
  };
  const updater = new Updater(options);
  await updater.refresh();
  for (const path of targets) {
    const found = await updater.getTargetInfo(path);
    if (found === undefined) throw new Error(`no target ${path}`);
    await updater.downloadTarget(found);
  }
}

let input = '';
for await (const piece of process.stdin) input += piece;
for (const line of input.trim().split('\n')) {
  const { folder, steps, root } = JSON.parse(line);
  for (const part of ['metadata', 'targets']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'metadata', 'root.json'), Buffer.from(root, 'base64'));
  const answers = [];
  for (const one of steps) {
    at = Wall.parse(one.at);
    answers.push(await step(folder, one).then(() => 'ok', (error) => `${error.name}: ${error.message}`));
  }
  console.log(JSON.stringify({ steps: answers }));
}

#!/usr/bin/env node
// The conformance doors of the second implementation: lines of JSON in, lines of JSON out, one for one, in order.
//
//   node verifier/bin/jsonl.mjs verify < cases.jsonl > answers.jsonl
//   node verifier/bin/jsonl.mjs status < spec/vectors/status.jsonl
//   node verifier/bin/jsonl.mjs refresh < lists.jsonl
//   node verifier/bin/jsonl.mjs eval < cases.jsonl
//   node verifier/bin/jsonl.mjs check < cases.jsonl

import { stdin, stdout, stderr, argv, exit } from "node:process";

import * as check from "../src/doors/check_lines.js";
import * as evaluate from "../src/doors/eval_lines.js";
import * as refresh from "../src/doors/refresh_lines.js";
import * as status from "../src/doors/status_lines.js";
import * as verify from "../src/doors/verify_lines.js";
import { written } from "../src/doors/plain.js";

const MAX_LINE = 25_000_000;
const DOORS = { check, eval: evaluate, refresh, status, verify };

const door = DOORS[argv[2]];
if (!door) {
  stderr.write(`usage: jsonl.mjs ${Object.keys(DOORS).join("|")} < cases.jsonl\n`);
  exit(2);
}

/** Yield the lines of standard input; `null` for one that is too long to be looked at. */
async function* lines() {
  let held = [];
  let size = 0;
  for await (const chunk of stdin) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      held.push(chunk.subarray(from, at));
      yield size + at - from <= MAX_LINE ? Buffer.concat(held) : null;
      [held, size, from] = [[], 0, at + 1];
    }
    size += chunk.length - from;
    if (size <= MAX_LINE) held.push(chunk.subarray(from));
    else held = [];
  }
  if (size) yield size <= MAX_LINE ? Buffer.concat(held) : null;
}

for await (const line of lines()) {
  let told = door.unread;
  try {
    if (line !== null) told = await door.answer(new Uint8Array(line));
  } catch (error) {
    stderr.write(`! ${error?.name}: a fault of Huxin; please report it\n${error?.stack}\n`);
  }
  stdout.write(`${asLine(told)}\n`);
}

/** Write an answer; one that repeats what JSON cannot say is told as unread, with its id. */
function asLine(told) {
  try {
    return written(told);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return written({ ...door.unread, id: told.id });
  }
}

// A decision over rules with certlogic-js: case in on stdin, microseconds of CPU out on stdout.
import { readFileSync } from "node:fs";
import certlogic from "certlogic-js";

const { logics, data, rounds, decisions } = JSON.parse(readFileSync(0, "utf-8"));
const decide = () => logics.map((logic) => certlogic.evaluate(logic, data));
if (!decide().every((answer) => answer === true)) throw new Error("not all rules are met");
let least = Infinity;
for (let round = 0; round < rounds; round += 1) {
  const start = process.cpuUsage();
  for (let turn = 0; turn < decisions * 5; turn += 1) decide();
  const spent = process.cpuUsage(start);
  least = Math.min(least, (spent.user + spent.system) / (decisions * 5));
}
console.log(least);

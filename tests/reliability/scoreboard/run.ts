// npm run reliability -- [--rows R1,R2] [--suite k8s] [--seed 7] [--outage-ms 10000] [--share 0.1]: prints a table, then
// one JSON line per figure. `--share` runs a part of the generated cases. Exits with 1 only if a correctness
// figure is wrong.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { experiments } from "./experiments.ts";
import type { Figure } from "./experiment.ts";
import { printScoreboard, type ScoredRow } from "./print-scoreboard.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string" },
    suite: { type: "string" },
    seed: { type: "string" },
    "outage-ms": { type: "string" },
    share: { type: "string" },
  },
});
const suites: Readonly<Record<string, RegExp>> = {
  k8s: /^K/,
  redis: /^R/,
  qdrant: /^Q/,
  platform: /^(P|S1|O1|L3|T2)/,
};
const suite = values.suite === undefined ? /^/ : suites[values.suite];
if (suite === undefined) {
  console.error(`reliability: no suite ${values.suite}; there are: ${Object.keys(suites).join(", ")}`);
  process.exit(2);
}
const all = Object.keys(experiments).filter((row) => suite.test(row));
const wanted = values.rows?.split(",").map((row) => row.trim().toUpperCase()) ?? all;
const unknown = wanted.filter((row) => !Object.hasOwn(experiments, row));
if (unknown.length > 0) {
  console.error(
    `reliability: no row ${unknown.join(", ")}; there are: ${Object.keys(experiments).join(", ")}`,
  );
  process.exit(2);
}
const setting = {
  seed: Number(values.seed ?? randomInt(2 ** 31)),
  outageMs: Number(values["outage-ms"] ?? 10_000),
  share: Number(values.share ?? 1),
};

const rows: ScoredRow[] = [];
let isSkipped = false;
for (const row of wanted) {
  const experiment = await experiments[row]?.();
  if (experiment === undefined) continue;
  const missing = await experiment.missing();
  if (missing !== undefined) {
    console.error(`reliability: ${row} is skipped: ${missing}`);
    isSkipped = true;
    continue;
  }
  console.error(`reliability: ${row} ${experiment.title}`);
  for (const figure of await experiment.run(setting)) rows.push({ row, title: experiment.title, ...figure });
}
printScoreboard(rows, setting);
const isWrong = ({ isCorrectness = false, ok = true }: Figure): boolean => isCorrectness && !ok;
process.exitCode = rows.some(isWrong) || isSkipped ? 1 : 0;

import type { Platform } from "../../../tests/reliability/scoreboard/platform/stand/start-platform.ts";
import type { RunningProgram } from "../../../tests/reliability/scoreboard/platform/stand/start-program.ts";
import type { Row } from "../report.ts";
import { closedLoop, type LoopFigures } from "./closed-loop.ts";
import type { ServerBase } from "./server-base.ts";
import type { TimedModel } from "./timed-model.ts";

const requests = 200;
const clients = 16;
const rounds = 3;
const peer = "bare Fastify route";

interface Side {
  readonly url: string;
  readonly program: RunningProgram;
  readonly headers: Readonly<Record<string, string>>;
}

interface Round extends LoopFigures {
  readonly cpuMs: number;
  readonly stretchMs: number;
}

/** Asks our server and a bare route in turn, with a model that answers at once, so that the server counts. */
export async function measureBeside(
  platform: Platform,
  bare: Omit<Side, "headers">,
  model: TimedModel,
  base: ServerBase,
): Promise<readonly Row[]> {
  Object.assign(model, { embedMs: 0, answerMs: 0 });
  const sides = {
    ours: { url: platform.url, program: platform.server, headers: platform.headers },
    bare: { ...bare, headers: {} },
  };
  const measured: Record<keyof typeof sides, Round[]> = { ours: [], bare: [] };
  let asked = 0;
  for (let round = 0; round <= rounds; round++)
    for (const name of round % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const)) {
      asked += requests;
      const figures = await askAll(sides[name], asked);
      if (round > 0) measured[name].push(figures); // the first round compiles
    }
  const { ours, bare: other } = measured;
  const failed = [...ours, ...other].reduce((sum, round) => sum + round.failed, 0);
  const stretch = Math.max(...ours.map(({ stretchMs }) => stretchMs));
  const own = least(ours, "cpuMs");
  const theirs = least(other, "cpuMs");
  const row = `${clients} clients ask without pause`;
  return [
    {
      ...base,
      row: `${row}: requests per second`,
      value: round(most(ours, "perSecond")),
      unit: "/s",
      correct: failed === 0,
    },
    { ...base, row: `${row}: requests per second`, value: round(most(other, "perSecond")), unit: "/s", peer },
    { ...base, row: `${row}: p99`, value: round(least(ours, "p99Ms")), unit: "ms" },
    { ...base, row: `${row}: p99`, value: round(least(other, "p99Ms")), unit: "ms", peer },
    { ...base, row: "processor time of a request", value: round(own), unit: "ms" },
    { ...base, row: "processor time of a request", value: round(theirs), unit: "ms", peer },
    { ...base, row: "processor time beside the bare route", value: round(own / theirs), unit: "times" },
    {
      ...base,
      row: "longest stretch of the event loop",
      value: round(stretch),
      unit: "ms",
      target: "<= 50",
      ok: stretch <= 50,
    },
  ];
}

async function askAll({ url, program, headers }: Side, from: number): Promise<Round> {
  const before = await program.probe();
  const body = (number: number): string =>
    JSON.stringify({ message: `When are backups taken, and who restores number ${from + number}?` });
  const figures = await closedLoop({ url: `${url}/chat`, headers, body, requests, clients });
  const { cpuMs, stretchMs } = await program.probe();
  return { ...figures, cpuMs: (cpuMs - before.cpuMs) / requests, stretchMs };
}

// The best of the rounds, because other work on the machine disturbs it least.
function least(measured: readonly Round[], field: "cpuMs" | "p99Ms" | "perSecond"): number {
  return Math.min(...measured.map((round) => round[field]));
}

function most(measured: readonly Round[], field: "cpuMs" | "p99Ms" | "perSecond"): number {
  return Math.max(...measured.map((round) => round[field]));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

import { closedLoop } from "./closed-loop.ts";
import type { ServerBase } from "./server-base.ts";
import type { Platform } from "../../../tests/reliability/scoreboard/platform/stand/start-platform.ts";
import type { Row } from "../report.ts";
import type { TimedModel } from "./timed-model.ts";

const [warmUps, requests] = [20, 60];

/** Asks one question after the other, and subtracts the time in which the model server was busy. */
export async function measureOverhead(
  { url, headers }: Platform,
  model: TimedModel,
  base: ServerBase,
): Promise<readonly Row[]> {
  const overheadOf = async (
    path: string,
    body: (number: number) => string,
    count = requests,
  ): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let number = 0; number < count; number++) {
      model.takeBusyMs();
      const one = { url: url + path, headers, requests: 1, clients: 1, body: () => body(number) };
      const { p50Ms, failure } = await closedLoop(one);
      if (failure !== undefined) throw new Error(`bench server: ${path}: ${failure}`);
      times.push(p50Ms - model.takeBusyMs());
    }
    return times.toSorted((a, b) => a - b);
  };
  const question = (number: number | string): string =>
    JSON.stringify({ message: `When are backups taken, and who restores number ${number}?` });
  await overheadOf("/chat", (number) => question(`warm-up ${number}`), warmUps); // compiles
  const miss = await overheadOf("/chat", question);
  const hit = await overheadOf("/chat", () => question(0));
  const embed = await overheadOf("/embed", (number) => JSON.stringify({ input: [`text ${number}`] }));
  return [
    ...rowsOf("answer over its model time", miss, 15, base),
    ...rowsOf("answer from the response cache", hit, 10, base),
    ...rowsOf("embedding of one text over its model time", embed, undefined, base),
  ];
}

function rowsOf(
  row: string,
  sorted: readonly number[],
  most: number | undefined,
  base: ServerBase,
): readonly Row[] {
  const at = (share: number): number => round(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN);
  const target = most === undefined ? {} : { target: `<= ${most}`, ok: at(0.5) <= most };
  return [
    { ...base, row: `${row}: p50`, value: at(0.5), unit: "ms", ...target, runs: sorted.length },
    { ...base, row: `${row}: p95`, value: at(0.95), unit: "ms" },
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

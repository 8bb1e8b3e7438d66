import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { summarised, type Measured, type Timing } from "./measure.ts";

/** A contender that is measured in its own process. */
export interface ProcessContender {
  readonly name: string;
  /** Arguments of the child's module. */
  readonly args: readonly string[];
}

/**
 * Runs contenders in their own processes, in alternating order, so that garbage collection of one does not
 * count for another. The child answers `run` with a {@link Timing}, and `facts` with its facts, once and
 * last.
 */
export async function measureProcessesInTurn<Facts>(
  module: URL,
  contenders: readonly ProcessContender[],
  { runs, warmups }: { readonly runs: number; readonly warmups: number },
): Promise<readonly Measured<Facts>[]> {
  const children = contenders.map(({ args }) =>
    fork(fileURLToPath(module), args, { execArgv: ["--expose-gc", "--conditions=@binnacle/source"] }),
  );
  const timings = contenders.map((): Timing[] => []);
  try {
    for (let round = -warmups; round < runs; round++) {
      const order = [...children.entries()];
      if (round % 2 !== 0) order.reverse();
      for (const [i, child] of order) {
        const timing = await ask<Timing>(child, "run");
        if (round >= 0) timings[i]?.push(timing);
      }
    }
    const facts: Facts[] = [];
    for (const child of children) facts.push(await ask<Facts>(child, "facts"));
    return contenders.flatMap(({ name }, i) => {
      const found = facts[i];
      return found === undefined ? [] : [summarised(name, timings[i] ?? [], found)];
    });
  } finally {
    for (const child of children) child.kill();
  }
}

async function ask<T>(child: ChildProcess, question: "run" | "facts"): Promise<T> {
  const answered = new AbortController();
  const exit = once(child, "exit", { signal: answered.signal }).then(([code]) => {
    throw new Error(`a measuring process ended with ${String(code)} before it answered`);
  });
  // The loser of the race is aborted below.
  exit.catch(() => undefined);
  const answer = once(child, "message", { signal: answered.signal });
  answer.catch(() => undefined);
  child.send(question);
  try {
    // Sent by our own child's module.
    const [value]: readonly T[] = await Promise.race([answer, exit]);
    if (value === undefined) throw new Error("a measuring process answered nothing");
    return value;
  } finally {
    answered.abort();
  }
}

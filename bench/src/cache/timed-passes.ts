import { timed, type Timing } from "../measure.ts";

/** All contenders run equally long, so that the cost of waking a process is the same for all. */
const RUN_MS = 500;

/** Times passes that follow each other at once, with the collections of garbage that they cause. Returns the mean. */
export async function timedPasses(pass: () => Promise<unknown>): Promise<Timing> {
  globalThis.gc?.();
  const { timing, result: passes } = await timed(async () => {
    const end = performance.now() + RUN_MS;
    let done = 0;
    do {
      await pass();
      done += 1;
    } while (performance.now() < end);
    return done;
  });
  return { wallMs: timing.wallMs / passes, cpuMs: timing.cpuMs / passes };
}

/** Times passes that each follow a collection of garbage. Returns the mean. */
export async function timedPassesAlone(pass: () => Promise<unknown>): Promise<Timing> {
  const end = performance.now() + RUN_MS;
  const timings: Timing[] = [];
  do {
    globalThis.gc?.();
    timings.push((await timed(pass)).timing);
  } while (performance.now() < end);
  const mean = (of: (timing: Timing) => number): number =>
    timings.reduce((sum, timing) => sum + of(timing), 0) / timings.length;
  return { wallMs: mean(({ wallMs }) => wallMs), cpuMs: mean(({ cpuMs }) => cpuMs) };
}

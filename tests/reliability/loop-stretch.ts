import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** The longest pauses of this thread's event loop while something ran. */
export interface LoopStretch {
  /** Longest pause that `monitorEventLoopDelay` saw. */
  readonly delayMs: number;
  /** Most processor time of this thread between two ticks. */
  readonly computedMs: number;
  /** Longest pause of an idle thread, which the machine itself caused. */
  readonly idleThreadMs: number;
}

const tickMs = 5;

/** Watches this thread's event loop, and that of an idle thread, while `body` runs. */
export async function loopStretch(body: () => Promise<unknown>): Promise<LoopStretch> {
  const idle = new Worker(idleThread, { eval: true, workerData: tickMs });
  await new Promise((resolve) => idle.once("message", resolve));
  const delay = monitorEventLoopDelay({ resolution: tickMs });
  let computedMs = 0;
  let spent = threadMs();
  const ticker = setInterval(() => {
    const now = threadMs();
    computedMs = Math.max(computedMs, now - spent);
    spent = now;
  }, tickMs);
  delay.enable();
  await sleep(4 * tickMs); // the monitor sees a pause only after a first tick
  await body();
  await sleep(4 * tickMs);
  delay.disable();
  clearInterval(ticker);
  const idleThreadMs = await new Promise<number>((resolve) => {
    idle.once("message", resolve);
    idle.postMessage("stop");
  });
  await idle.terminate();
  return { delayMs: delay.max / 1e6, computedMs, idleThreadMs };
}

const idleThread = `
const { parentPort, workerData } = require("node:worker_threads");
const delay = require("node:perf_hooks").monitorEventLoopDelay({ resolution: workerData });
delay.enable();
parentPort.on("message", () => parentPort.postMessage(delay.max / 1e6));
setTimeout(() => parentPort.postMessage("ready"), 4 * workerData);
`;

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

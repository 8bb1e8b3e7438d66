import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** How long this thread's event loop was not free, at worst, while something ran. */
export interface LoopStretch {
  /** As `monitorEventLoopDelay` saw it. */
  readonly delayMs: number;
  /** Most processor time that this thread spent between two ticks: what was really computed here. */
  readonly computedMs: number;
  /** The same delay in a thread that did nothing at all: what the machine itself withheld. */
  readonly idleThreadMs: number;
}

const tickMs = 5;

/** Watches this thread's event loop, and an idle thread's beside it, while `body` runs. */
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
  await sleep(4 * tickMs); // the monitor sees a stretch only if a tick came before it
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

import { ConfigurationError } from "@binnacle/core";
import { readEnvironment } from "../environment.ts";
import { exitStatus } from "../exit-status.ts";
import { startBullWorker } from "../jobs/bull/start-bull-worker.ts";
import { withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import type { CommonOptions } from "./common-options.ts";
import { interrupted } from "./serve.ts";

/** Options of `worker`. */
export interface WorkerOptions extends CommonOptions {
  /** Jobs that run at the same time. */
  readonly concurrency: number;
}

/** Works off the jobs of the queue until the process is interrupted. Then running jobs finish or go back. */
export async function worker(options: WorkerOptions, terminal: Terminal): Promise<number> {
  const { queue } = readEnvironment(process.env);
  if (queue === undefined)
    throw new ConfigurationError(
      "a worker needs QUEUE_REDIS_URL, the address of the queue; without one, the server does its jobs itself",
    );
  return await withRagSystem({ ...options, onWarning: terminal.note }, async (system) => {
    const { store, index, embedder } = system;
    const parts = { store, embedder: index.embedder ?? embedder, sparse: index.sparse };
    const onError = ({ message }: Error): void => terminal.note(message);
    const running = startBullWorker(parts, { ...queue, concurrency: options.concurrency, onError });
    terminal.print("Waiting for jobs");
    terminal.result({ queue: "binnacle-jobs", concurrency: options.concurrency });
    await interrupted(options.signal);
    await running.close();
    return exitStatus.ok;
  });
}

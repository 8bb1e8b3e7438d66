import { setTimeout as wait } from "node:timers/promises";
import { BinnacleError } from "@binnacle/core";
import { Job as BullJob, Queue, UnrecoverableError, WaitingError, Worker } from "bullmq";
import { itemFailure } from "../../http/modules/shared/item-failure.ts";
import type { JobResult } from "../job.ts";
import { JobCancelled } from "../job-cancelled.ts";
import { withoutPoints } from "../job-task.ts";
import { runTask, type JobParts } from "../run-task.ts";
import { workerConnection } from "./bull-connection.ts";
import { jobData, progressOf, queueName, type JobData } from "./bull-job.ts";

/** Times that a job may lose its worker. A worker that dies loses no job. */
const mostLostWorkers = 10;

/** Options of {@link startBullWorker}. */
export interface BullWorkerOptions {
  readonly url: string;
  /** Jobs that run at the same time. @default 1 */
  readonly concurrency?: number | undefined;
  /** Milliseconds after which the job of a silent worker goes to another. @default 30_000 */
  readonly lockMs?: number | undefined;
  /** Milliseconds that running jobs may go on after `close()`. Then they go back to the queue. @default 20_000 */
  readonly graceMs?: number | undefined;
  /** Receives failures of the connection and of jobs. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** A worker that runs. */
export interface RunningWorker {
  /** Finishes the running jobs, or returns them to the queue. */
  close(): Promise<void>;
}

/** Starts a worker that takes jobs from Redis until it is closed. */
export function startBullWorker(parts: JobParts, options: BullWorkerOptions): RunningWorker {
  const { url, concurrency = 1, lockMs = 30_000, graceMs = 20_000, onError } = options;
  const connection = workerConnection(url);
  const stop = new AbortController();
  const queue = new Queue<JobData>(queueName, { connection });
  const worker = new Worker<JobData, JobResult>(
    queueName,
    async (job, token) => {
      try {
        return await attempt(job, { parts, queue, signal: stop.signal });
      } catch (error) {
        if (!stop.signal.aborted) throw told(error, onError);
        await job.moveToWait(token);
        throw new WaitingError();
      }
    },
    {
      connection,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: mostLostWorkers,
    },
  );
  queue.on("error", (error) => onError?.(error));
  worker.on("error", (error) => onError?.(error));
  worker.on("completed", (job) => void strip(job, onError));
  worker.on("failed", (job, error) => void (error instanceof UnrecoverableError && strip(job, onError)));
  return {
    close: async () => {
      const closing = worker.close();
      await Promise.race([closing, wait(graceMs, undefined, { ref: false })]);
      stop.abort(new BinnacleError("stopped", "the worker is being stopped"));
      await closing;
      await queue.close();
    },
  };
}

interface Attempt {
  readonly parts: JobParts;
  readonly queue: Queue<JobData>;
  readonly signal: AbortSignal;
}

async function attempt(job: BullJob<JobData>, { parts, queue, signal }: Attempt): Promise<JobResult> {
  const { task, tenant } = jobData.parse(job.data);
  const call = { signal };
  return await runTask(
    { task },
    {
      ...parts,
      tenant,
      progress: progressOf(job),
      call,
      report: async (progress) => {
        const now = job.id === undefined ? undefined : await BullJob.fromId(queue, job.id);
        if (now?.data.isCancelled === true) throw new JobCancelled();
        await job.updateProgress({ ...progress });
      },
    },
  );
}

/** Reports a failure, and returns it as the job shows it: by its cause. A failure that stays is not tried again. */
function told(error: unknown, onError: BullWorkerOptions["onError"]): Error {
  if (error instanceof JobCancelled) return new UnrecoverableError(error.message);
  onError?.(error instanceof Error ? error : new Error(String(error)));
  const { message } = itemFailure(error);
  const mayPass = BinnacleError.isInstance(error) && error.retryable;
  return mayPass ? new Error(message) : new UnrecoverableError(message);
}

/** Drops the points of a job that has ended, because Redis keeps its record for a day. */
async function strip(
  job: BullJob<JobData> | undefined,
  onError: BullWorkerOptions["onError"],
): Promise<void> {
  try {
    await job?.updateData({ ...job.data, task: withoutPoints(job.data.task) });
  } catch (error) {
    onError?.(error instanceof Error ? error : new Error(String(error)));
  }
}

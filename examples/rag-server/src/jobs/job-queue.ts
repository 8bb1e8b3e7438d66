import { setTimeout as wait } from "node:timers/promises";
import { isFinal, type Job } from "./job.ts";
import type { JobTask } from "./job-task.ts";

/** A new job. */
export interface NewJob {
  readonly task: JobTask;
  readonly tenant?: string | undefined;
}

/** Takes jobs and tells how they stand. Workers carry them out, in this process or in others. */
export interface JobQueue {
  add(job: NewJob): Promise<Job>;
  get(id: string): Promise<Job | undefined>;
  /** Returns the newest jobs first, of those that `isShown` takes. */
  list(limit: number, isShown?: (job: Job) => boolean): Promise<readonly Job[]>;
  /** Ends a job after the batch that it is writing. Returns false if there is no such unfinished job. */
  cancel(id: string): Promise<boolean>;
  /** Begins no further job until `resume`. Running jobs go on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  isPaused(): Promise<boolean>;
  /** Stops taking jobs. Jobs of this process finish or go back. */
  close(): Promise<void>;
}

/** Yields a job whenever it has changed, until its end. Yields nothing if there is no such job. */
export async function* watchJob(
  queue: JobQueue,
  id: string,
  { signal, everyMs = 200 }: { readonly signal: AbortSignal; readonly everyMs?: number | undefined },
): AsyncGenerator<Job> {
  let last = "";
  for (;;) {
    const job = await queue.get(id);
    if (job === undefined) return;
    const now = JSON.stringify([job.state, job.progress, job.attempts]);
    if (now !== last) yield job;
    if (isFinal(job)) return;
    last = now;
    await wait(everyMs, undefined, { signal });
  }
}

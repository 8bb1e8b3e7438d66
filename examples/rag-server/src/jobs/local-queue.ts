import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { BinnacleError } from "@binnacle/core";
import { isFinal, keptForMs, mostAttempts, mostKept, type Job } from "./job.ts";
import { itemFailure } from "../http/modules/shared/item-failure.ts";
import { fullQueue } from "./full-queue.ts";
import { JobCancelled } from "./job-cancelled.ts";
import type { JobQueue } from "./job-queue.ts";
import { withoutPoints } from "./job-task.ts";
import { runTask, type JobParts } from "./run-task.ts";

/** Most jobs that may wait, and most characters of their tasks, which stay in memory. A tenant has a quarter. */
const most = { waiting: 100, characters: 64 * 1024 * 1024 };
const mostOfTenant = { waiting: most.waiting / 4, characters: most.characters / 4 };

/** Options of {@link createLocalQueue}. */
export interface LocalQueueOptions {
  /** Milliseconds before the second attempt. Each further wait is twice as long. @default 1000 */
  readonly retryMs?: number | undefined;
  /** Receives the failures of jobs. A job itself shows only their causes. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Creates a queue that this process works off, one job after the other. Its jobs end with the process. */
export function createLocalQueue(
  parts: JobParts,
  { retryMs = 1000, onError }: LocalQueueOptions = {},
): JobQueue {
  const jobs = new Map<string, Job>();
  const waiting: string[] = [];
  const stop = new AbortController();
  const cancelled = new Set<string>();
  const sizes = new Map<string, number>();
  let isPaused = false;
  let working: Promise<void> | undefined;

  const change = (id: string, changes: Partial<Job>): void => {
    const job = jobs.get(id);
    if (job !== undefined) jobs.set(id, { ...job, ...changes });
  };
  const finish = (id: string, changes: Partial<Job>): void => {
    cancelled.delete(id);
    const task = jobs.get(id)?.task;
    change(id, { ...changes, ...(task && { task: withoutPoints(task) }), finishedAt: new Date() });
    sizes.delete(id);
    dropOld(jobs);
  };

  async function attempt(job: Job): Promise<void> {
    const call = { signal: stop.signal };
    const report = (progress: Job["progress"]): Promise<void> => {
      change(job.id, { progress });
      return cancelled.has(job.id) ? Promise.reject(new JobCancelled()) : Promise.resolve();
    };
    const { tenant, progress } = job;
    finish(job.id, {
      state: "completed",
      result: await runTask(job, { ...parts, tenant, progress, call, report }),
    });
  }

  async function work(id: string): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      change(id, { state: "active", attempts });
      const job = jobs.get(id);
      if (job === undefined) return;
      try {
        return await attempt(job);
      } catch (error) {
        if (error instanceof JobCancelled) return finish(id, { state: "cancelled" });
        onError?.(error);
        const { message } = itemFailure(error);
        const mayPass = BinnacleError.isInstance(error) && error.retryable && attempts < mostAttempts;
        if (!mayPass) return finish(id, { state: "failed", error: message });
        change(id, { error: message });
        await wait(retryMs * 2 ** (attempts - 1), undefined, { signal: stop.signal });
      }
    }
  }

  async function workOff(): Promise<void> {
    for (;;) {
      const id = isPaused || stop.signal.aborted ? undefined : waiting.shift();
      if (id === undefined) return;
      if (cancelled.has(id)) finish(id, { state: "cancelled" });
      else await work(id);
    }
  }
  const wake = (): void => {
    working ??= workOff()
      .catch(() => undefined) // only the stop ends a wait; the job's state says the rest
      .finally(() => {
        working = undefined;
        if (waiting.length > 0 && !isPaused && !stop.signal.aborted) wake();
      });
  };

  /** Returns true if one job more would be too much, for all callers or for its tenant. */
  const isFull = (size: number, tenant: string | undefined): boolean => {
    const exceeds = (bound: typeof most, isCounted: (id: string) => boolean): boolean => {
      const held = [...sizes].filter(([id]) => isCounted(id)).reduce((sum, [, one]) => sum + one, size);
      return waiting.filter(isCounted).length >= bound.waiting || held > bound.characters;
    };
    if (exceeds(most, () => true)) return true;
    return tenant !== undefined && exceeds(mostOfTenant, (id) => jobs.get(id)?.tenant === tenant);
  };

  return {
    add: ({ task, tenant }) => {
      if (stop.signal.aborted)
        return Promise.reject(new BinnacleError("stopped", "the server is being stopped"));
      const size = JSON.stringify(task).length;
      if (isFull(size, tenant)) return Promise.reject(fullQueue());
      const id = randomUUID();
      const job: Job = {
        id,
        task,
        tenant,
        state: "waiting",
        progress: { done: 0 },
        attempts: 0,
        createdAt: new Date(),
      };
      jobs.set(id, job);
      sizes.set(id, size);
      waiting.push(id);
      wake();
      return Promise.resolve(job);
    },
    get: (id) => Promise.resolve(jobs.get(id)),
    list: (limit, isShown = () => true) =>
      Promise.resolve([...jobs.values()].toReversed().filter(isShown).slice(0, limit)),
    cancel: (id) => {
      const job = jobs.get(id);
      if (job === undefined || isFinal(job)) return Promise.resolve(false);
      cancelled.add(id);
      if (job.state === "waiting") {
        waiting.splice(waiting.indexOf(id), 1);
        finish(id, { state: "cancelled" });
      }
      return Promise.resolve(true);
    },
    pause: async () => void (isPaused = true),
    resume: async () => {
      isPaused = false;
      wake();
    },
    isPaused: () => Promise.resolve(isPaused),
    close: async () => {
      stop.abort(new BinnacleError("stopped", "the server is being stopped"));
      await working;
    },
  };
}

function dropOld(jobs: Map<string, Job>): void {
  const ended = [...jobs.values()].filter(isFinal);
  const tooMany = ended.length - mostKept;
  for (const [i, { id, finishedAt }] of ended.entries())
    if (i < tooMany || Date.now() - (finishedAt?.getTime() ?? 0) > keptForMs) jobs.delete(id);
}

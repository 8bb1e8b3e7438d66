import type { JobTask } from "./job-task.ts";

/** Milliseconds that a finished job stays readable. */
export const keptForMs: number = 24 * 60 * 60 * 1000;
/** Most finished jobs that stay readable. */
export const mostKept = 1000;
/** Times that a job is tried, after failures that may pass. */
export const mostAttempts = 5;

/** The states of a job. `completed`, `failed` and `cancelled` are final. */
export const jobStates = ["waiting", "active", "completed", "failed", "cancelled"] as const;

/** The state of a job. */
export type JobState = (typeof jobStates)[number];

/** The outcome of a job. */
export interface JobResult {
  readonly written: number;
  readonly failed: number;
  /** The first failures. */
  readonly failures: readonly { readonly id: string; readonly code: string; readonly message: string }[];
  /** Name of the snapshot that the job made. */
  readonly snapshot?: string | undefined;
}

/** How much of a job is done, in points. */
export interface JobProgress {
  readonly done: number;
  /** Undefined while it is not known. */
  readonly total?: number | undefined;
  /** The outcome so far. A later attempt counts on from it. */
  readonly soFar?: JobResult | undefined;
}

/** A piece of work that outlives its request. */
export interface Job {
  readonly id: string;
  readonly task: JobTask;
  /** The tenant that the job works for. Undefined: none. */
  readonly tenant?: string | undefined;
  readonly state: JobState;
  readonly progress: JobProgress;
  /** Times that the job was begun. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly finishedAt?: Date | undefined;
  readonly result?: JobResult | undefined;
  /** The reason of the last failure. */
  readonly error?: string | undefined;
}

/** Returns true if nothing changes any more. */
export function isFinal({ state }: Pick<Job, "state">): boolean {
  return state === "completed" || state === "failed" || state === "cancelled";
}

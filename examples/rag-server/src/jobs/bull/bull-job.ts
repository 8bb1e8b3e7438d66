import type { Job as BullJob, JobState as BullState } from "bullmq";
import { z } from "zod";
import type { Job, JobState } from "../job.ts";
import { jobTask } from "../job-task.ts";

/** Name of the queue in Redis. */
export const queueName = "binnacle-jobs";

const result = z.object({
  written: z.number(),
  failed: z.number(),
  failures: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })),
  snapshot: z.string().optional(),
});
const progress = z
  .object({ done: z.number(), total: z.number().optional(), soFar: result.optional() })
  .catch({ done: 0 });

/** The fields of a job in Redis. */
export const jobData = z.object({
  task: jobTask,
  tenant: z.string().optional(),
  isCancelled: z.boolean().optional(),
});
/** The fields of a job in Redis. */
export type JobData = z.output<typeof jobData>;

/** Reads a job of BullMQ. */
export async function readJob(job: BullJob<JobData>): Promise<Job> {
  const { task, tenant, isCancelled } = jobData.parse(job.data);
  const bull = await job.getState();
  return {
    id: job.id ?? "",
    task,
    tenant,
    state: stateOf(bull === "unknown" ? "waiting" : bull, isCancelled === true),
    progress: progress.parse(job.progress),
    attempts: job.attemptsStarted,
    createdAt: new Date(job.timestamp),
    finishedAt: job.finishedOn === undefined ? undefined : new Date(job.finishedOn),
    result: result.safeParse(job.returnvalue).data,
    error: job.failedReason === undefined || job.failedReason === "" ? undefined : job.failedReason,
  };
}

function stateOf(state: BullState, isCancelled: boolean): JobState {
  if (state === "completed") return "completed";
  if (isCancelled && state !== "active") return "cancelled";
  return state === "failed" || state === "active" ? state : "waiting";
}

/** Reads the progress that the last attempt reported. */
export function progressOf(job: BullJob<JobData>): Job["progress"] {
  return progress.parse(job.progress);
}

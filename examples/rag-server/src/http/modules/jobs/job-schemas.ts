import { z } from "zod";
import { jobStates, type Job } from "../../../jobs/job.ts";
import { jobTask } from "../../../jobs/job-task.ts";
import { itemError } from "../shared/fields.ts";

export const jobRequest = jobTask.refine((task) => task.kind !== "ingest" || task.points.length > 0, {
  path: ["points"],
  error: "must hold at least one point",
});
export const jobParams = z.strictObject({ id: z.string().min(1).max(128) });
export const jobsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });

export const jobReply = z.object({
  id: z.string(),
  kind: z.enum(["ingest", "reembed", "snapshot"]),
  collection: z.string(),
  state: z.enum(jobStates),
  done: z.number().describe("Points that are done."),
  total: z.number().nullable().describe("Null while it is not known."),
  attempts: z.number(),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  result: z
    .object({
      written: z.number(),
      failed: z.number(),
      failures: z.array(itemError.extend({ id: z.string() })).describe("The first 100 failures."),
      snapshot: z.string().optional(),
    })
    .nullable(),
  error: z.string().nullable(),
});

export const jobsReply = z.object({ jobs: z.array(jobReply), paused: z.boolean() });
export const cancelReply = z.object({ id: z.string(), cancelled: z.boolean() });
export const pausedReply = z.object({ paused: z.boolean() });

/** Makes the reply of a job. The points stay out of it. */
export function jobView(job: Job): z.output<typeof jobReply> {
  const { id, task, state, progress, attempts, createdAt, finishedAt, result, error } = job;
  return {
    id,
    kind: task.kind,
    collection: task.collection,
    state,
    done: progress.done,
    total: progress.total ?? null,
    attempts,
    created_at: createdAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
    result: result === undefined ? null : { ...result, failures: [...result.failures] },
    error: error ?? null,
  };
}

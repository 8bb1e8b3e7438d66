import { UnsupportedError } from "@binnacle/core";
import type { JobResult } from "../job.ts";
import type { TaskOf } from "../job-task.ts";
import type { JobRun } from "../run-task.ts";

/** Makes the snapshot of a job. */
export async function takeSnapshot({ collection }: TaskOf<"snapshot">, run: JobRun): Promise<JobResult> {
  const { snapshots } = run.store;
  if (snapshots === undefined)
    throw new UnsupportedError("this store has no snapshots", { capability: "snapshots" });
  await run.report({ done: 0, total: 1 });
  const { name } = await snapshots.create(collection, run.call);
  await run.report({ done: 1, total: 1 });
  return { written: 0, failed: 0, failures: [], snapshot: name };
}

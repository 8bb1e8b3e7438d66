import { pointWrites } from "../../http/modules/vectors/point-writes.ts";
import type { JobResult } from "../job.ts";
import type { TaskOf } from "../job-task.ts";
import type { JobRun } from "../run-task.ts";
import { openTarget } from "./open-target.ts";
import { createWriteResults } from "./write-results.ts";

/** Points that are embedded and written together. */
const batchSize = 32;

/** Embeds and stores the points of a job. */
export async function ingestPoints(
  { collection, points: given }: TaskOf<"ingest">,
  run: JobRun,
): Promise<JobResult> {
  const { info, points } = await openTarget(collection, run);
  const { embedder, sparse, tenant, call } = run;
  const results = createWriteResults(points, run, run.progress.soFar);
  const total = given.length;
  for (let done = run.progress.done; done < total; done += batchSize) {
    await run.report({ done, total, soFar: results.result() });
    const batch = given.slice(done, done + batchSize);
    const made = await pointWrites(batch, { info, tenant, embedder, sparse }, { store: call, model: call });
    await results.write(made.map((write, i) => ({ id: batch[i]?.id ?? "", write })));
  }
  await run.report({ done: total, total });
  return results.result();
}

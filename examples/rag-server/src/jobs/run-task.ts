import type { CallOptions, Embedder, SparseEncoder, VectorStore } from "@binnacle/core";
import type { Job, JobProgress, JobResult } from "./job.ts";
import { ingestPoints } from "./tasks/ingest-points.ts";
import { reembedCollection } from "./tasks/reembed-collection.ts";
import { takeSnapshot } from "./tasks/take-snapshot.ts";

/** The parts that jobs work with. */
export interface JobParts {
  readonly store: VectorStore;
  readonly embedder?: Embedder | undefined;
  readonly sparse?: SparseEncoder | undefined;
}

/** One attempt at a job. */
export interface JobRun extends JobParts {
  readonly tenant: string | undefined;
  /** The progress of earlier attempts. */
  readonly progress: JobProgress;
  readonly call: CallOptions;
  /** Records the progress. Rejects if the job was cancelled. */
  report(progress: JobProgress): Promise<void>;
}

/** Carries out a job. A repeated attempt goes on where the last one reported. */
export async function runTask({ task }: Pick<Job, "task">, run: JobRun): Promise<JobResult> {
  if (task.kind === "ingest") return await ingestPoints(task, run);
  if (task.kind === "reembed") return await reembedCollection(task, run);
  return await takeSnapshot(task, run);
}

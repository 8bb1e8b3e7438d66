import { BinnacleError, type Collection, type Write } from "@binnacle/core";
import { itemFailure } from "../../http/modules/shared/item-failure.ts";
import type { JobResult } from "../job.ts";
import type { JobRun } from "../run-task.ts";

/** Most failures that a job keeps. */
const mostFailures = 100;

/** Counts what a job has written. */
export interface WriteResults {
  /** Writes what could be made, and notes what could not. A failure that may pass is thrown, so that the job is tried again. */
  write(made: readonly MadeWrite[], options?: { readonly isInPlace?: boolean }): Promise<void>;
  result(): JobResult;
}

/** A write, or the reason why none could be made. */
export interface MadeWrite {
  readonly id: string;
  readonly write: Write | BinnacleError;
}

/** Counts the writes to a collection, from what an earlier attempt has done. */
export function createWriteResults(
  points: Collection,
  { call }: Pick<JobRun, "call">,
  soFar: JobResult = { written: 0, failed: 0, failures: [] },
): WriteResults {
  let { written, failed } = soFar;
  const failures = [...soFar.failures];
  const note = (id: string, error: BinnacleError): void => {
    if (error.retryable) throw error;
    failed++;
    if (failures.length < mostFailures) failures.push({ id, ...itemFailure(error) });
  };
  return {
    write: async (made, { isInPlace = false } = {}) => {
      const writes: { id: string; write: Write }[] = [];
      for (const { id, write } of made) {
        if (BinnacleError.isInstance(write)) note(id, write);
        else writes.push({ id, write });
      }
      if (writes.length === 0) return;
      const { failures: refused } = await points.write(
        writes.map(({ write }) => write),
        call,
      );
      for (const [i, { id }] of writes.entries()) {
        const error = refused.get(i);
        if (error === undefined) written++;
        // The point was changed or deleted since it was read, so its newer state stays.
        else if (!isInPlace || error.code !== "version_conflict") note(id, error);
      }
    },
    result: () => ({ written, failed, failures: [...failures] }),
  };
}

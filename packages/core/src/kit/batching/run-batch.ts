import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { abortable } from "../time/abortable.ts";
import type { BatchEntry } from "./batch-entry.ts";

/** Functions that run a batch. */
export interface RunBatchOptions<T, R> {
  /**
   * Runs one batch. Resolves with one outcome per item, in order. An outcome that is an `Error` rejects only
   * its item. A rejection rejects all items of the batch. The signal aborts once no caller waits for the
   * batch. The batcher then stops waiting for the run, even if the run ignores the signal.
   */
  readonly run: (items: readonly T[], signal: AbortSignal) => Promise<readonly (R | Error)[]>;
  /**
   * Returns true if one item may have caused the rejection. The batch is then repeated in halves until the
   * item is alone.
   * @default never
   */
  readonly splitsOn?: ((error: unknown) => boolean) | undefined;
}

/** Runs a batch and settles its entries. Never rejects. */
export async function runBatch<T, R>(
  batch: readonly BatchEntry<T, R>[],
  options: RunBatchOptions<T, R>,
): Promise<void> {
  const controller = new AbortController();
  for (const entry of batch) {
    entry.onSettled = () => {
      if (batch.every(({ isSettled }) => isSettled)) controller.abort(abandoned());
    };
  }
  try {
    await settle(batch, options, controller.signal);
  } catch (error) {
    rejectAll(batch, error); // `splitsOn` has thrown
  }
}

async function settle<T, R>(
  batch: readonly BatchEntry<T, R>[],
  options: RunBatchOptions<T, R>,
  signal: AbortSignal,
): Promise<void> {
  const wanted = batch.filter(({ isSettled }) => !isSettled);
  if (wanted.length === 0) return;
  const items = wanted.map(({ item }) => item);
  try {
    const outcomes = await abortable(options.run(items, signal), signal);
    if (outcomes.length !== items.length) throw wrongCount(outcomes.length, items.length);
    outcomes.forEach((outcome, index) => {
      if (outcome instanceof Error) wanted[index]?.reject(outcome);
      else wanted[index]?.resolve(outcome);
    });
  } catch (error) {
    if (signal.aborted) return; // every entry has its outcome
    if (wanted.length > 1 && options.splitsOn?.(error) === true) {
      const half = Math.ceil(wanted.length / 2);
      await settle(wanted.slice(0, half), options, signal);
      await settle(wanted.slice(half), options, signal);
    } else {
      rejectAll(wanted, error);
    }
  }
}

function rejectAll<T, R>(batch: readonly BatchEntry<T, R>[], error: unknown): void {
  for (const entry of batch) if (!entry.isSettled) entry.reject(error);
}

function wrongCount(got: number, expected: number): InvalidResponseError {
  return new InvalidResponseError(
    `A batch of ${expected} items returned ${got} outcomes. Return one outcome per item.`,
  );
}

function abandoned(): BinnacleError {
  return new BinnacleError("abandoned", "This batch was stopped, because no caller waits for it.");
}

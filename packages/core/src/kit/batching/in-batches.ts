import { BatchSize, checkBatchLimits, sizeOf, type BatchLimits } from "./batch-limits.ts";

/**
 * The items in batches, lazily and in order, the last one included. An item over a limit goes alone: whether to refuse
 * it is the caller's decision. Throws `ConfigurationError` if a limit is below 1 or has no measure.
 */
export function* inBatches<T>(
  items: Iterable<T>,
  limits: BatchLimits<T>,
): Generator<readonly T[], void, void> {
  checkBatchLimits("inBatches", limits);
  let batch: T[] = [];
  let size = new BatchSize(limits);
  const take = (): readonly T[] => {
    const taken = batch;
    batch = [];
    size = new BatchSize(limits);
    return taken;
  };
  for (const item of items) {
    const itemSize = sizeOf(item, limits);
    if (!size.fits(itemSize)) yield take();
    batch.push(item);
    size.add(itemSize);
    if (size.isFull) yield take();
  }
  if (batch.length > 0) yield take();
}

import { BatchSize, checkBatchLimits, sizeOf, type BatchLimits } from "./batch-limits.ts";

/**
 * Yields the items in batches, lazily and in order. An item over a limit forms its own batch, which the
 * caller may refuse. Throws a `ConfigurationError` if a limit is below 1 or its measuring function is
 * missing.
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

import { ConfigurationError } from "../errors/configuration-error.ts";

/** How much one batch may hold. Every limit that is given holds for every batch of more than one item. */
export interface BatchLimits<T> {
  /** Most items; at least 1. */
  readonly maxItems: number;
  /** Most tokens in all items together; needs `tokensOf`. @default none */
  readonly maxTokens?: number | undefined;
  /** Most bytes in all items together; needs `bytesOf`. @default none */
  readonly maxBytes?: number | undefined;
  /** Tokens of one item; asked once per item. */
  readonly tokensOf?: ((item: T) => number) | undefined;
  /** Bytes of one item; asked once per item. */
  readonly bytesOf?: ((item: T) => number) | undefined;
}

/** Gathers items into batches, keeping their order. An item over a limit goes alone: refusing it is the caller's to decide. */
export interface Batcher<T> {
  /** Items waiting for the next batch. */
  readonly size: number;
  /** Takes an item; returns the batch that it completed or did not fit into, if any. */
  add(item: T): readonly T[] | undefined;
  /** What is left, or undefined if nothing is. */
  flush(): readonly T[] | undefined;
}

/** A batcher by count, tokens and bytes. Throws `ConfigurationError` where a limit is below 1 or has no measure. */
export function createBatcher<T>(limits: BatchLimits<T>): Batcher<T> {
  const { maxItems, maxTokens = Infinity, maxBytes = Infinity, tokensOf, bytesOf } = limits;
  checkLimits(limits);
  let items: T[] = [];
  let tokens = 0;
  let bytes = 0;

  const flush = (): readonly T[] | undefined => {
    const batch = items;
    items = [];
    tokens = 0;
    bytes = 0;
    return batch.length === 0 ? undefined : batch;
  };

  return {
    get size() {
      return items.length;
    },
    add(item) {
      const itemTokens = tokensOf?.(item) ?? 0;
      const itemBytes = bytesOf?.(item) ?? 0;
      const overflowing = tokens + itemTokens > maxTokens || bytes + itemBytes > maxBytes;
      // At most one batch leaves per call: whatever follows an item that is itself too large overflows in turn.
      const completed = overflowing ? flush() : undefined;
      items.push(item);
      tokens += itemTokens;
      bytes += itemBytes;
      if (completed !== undefined) return completed;
      const full = items.length >= maxItems || tokens >= maxTokens || bytes >= maxBytes;
      return full ? flush() : undefined;
    },
    flush,
  };
}

/** The items in batches, lazily, the last one included. */
export function* inBatches<T>(
  items: Iterable<T>,
  limits: BatchLimits<T>,
): Generator<readonly T[], void, void> {
  const batcher = createBatcher(limits);
  for (const item of items) {
    const batch = batcher.add(item);
    if (batch !== undefined) yield batch;
  }
  const rest = batcher.flush();
  if (rest !== undefined) yield rest;
}

function checkLimits<T>(limits: BatchLimits<T>): void {
  const { maxItems, maxTokens, maxBytes, tokensOf, bytesOf } = limits;
  const issues = [
    ...limitIssues("maxItems", maxItems),
    ...limitIssues("maxTokens", maxTokens),
    ...limitIssues("maxBytes", maxBytes),
    ...(maxTokens !== undefined && tokensOf === undefined
      ? [{ path: "tokensOf", message: "maxTokens needs tokensOf to measure an item" }]
      : []),
    ...(maxBytes !== undefined && bytesOf === undefined
      ? [{ path: "bytesOf", message: "maxBytes needs bytesOf to measure an item" }]
      : []),
  ];
  if (issues.length === 0) return;
  throw new ConfigurationError(`createBatcher: ${issues.map((issue) => issue.message).join("; ")}`, {
    issues,
  });
}

function limitIssues(path: string, value: number | undefined): { path: string; message: string }[] {
  if (value === undefined || value >= 1) return [];
  return [{ path, message: `${path} must be at least 1, got ${value}` }];
}

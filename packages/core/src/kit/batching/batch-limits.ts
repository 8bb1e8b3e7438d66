import { ConfigurationError, type ConfigurationIssue } from "../../errors/configuration-error.ts";

/** How much one batch may hold. Every limit that is given holds for every batch of more than one item. */
export interface BatchLimits<T> {
  /** Most items; at least 1. */
  readonly maxItems: number;
  /** Most tokens in all items together; needs `tokensOf`. @default none */
  readonly maxTokens?: number | undefined;
  /** Most bytes in all items together; needs `bytesOf`. @default none */
  readonly maxBytes?: number | undefined;
  /** Tokens of one item; called once per item. */
  readonly tokensOf?: ((item: T) => number) | undefined;
  /** Bytes of one item; called once per item. */
  readonly bytesOf?: ((item: T) => number) | undefined;
}

/** The size of one item. */
export interface ItemSize {
  readonly tokens: number;
  readonly bytes: number;
}

/** Measures one item as the limits ask. */
export function sizeOf<T>(item: T, { tokensOf, bytesOf }: BatchLimits<T>): ItemSize {
  return { tokens: tokensOf?.(item) ?? 0, bytes: bytesOf?.(item) ?? 0 };
}

/** The size of a batch that grows. */
export class BatchSize {
  readonly #limits: BatchLimits<never>;
  #items = 0;
  #tokens = 0;
  #bytes = 0;

  constructor(limits: BatchLimits<never>) {
    this.#limits = limits;
  }

  /** Whether nothing more can fit. */
  get isFull(): boolean {
    const { maxItems, maxTokens = Infinity, maxBytes = Infinity } = this.#limits;
    return this.#items >= maxItems || this.#tokens >= maxTokens || this.#bytes >= maxBytes;
  }

  /** Whether the item stays within the limits. An item over a limit fits into an empty batch only. */
  fits({ tokens, bytes }: ItemSize): boolean {
    const { maxTokens = Infinity, maxBytes = Infinity } = this.#limits;
    if (this.#items === 0) return true;
    return !this.isFull && this.#tokens + tokens <= maxTokens && this.#bytes + bytes <= maxBytes;
  }

  add({ tokens, bytes }: ItemSize): void {
    this.#items += 1;
    this.#tokens += tokens;
    this.#bytes += bytes;
  }
}

/** Throws `ConfigurationError` if a limit is below 1 or has no measure. */
export function checkBatchLimits(component: string, limits: BatchLimits<never>): void {
  const { maxItems, maxTokens, maxBytes, tokensOf, bytesOf } = limits;
  const issues = [
    ...limitIssues("maxItems", maxItems),
    ...limitIssues("maxTokens", maxTokens),
    ...limitIssues("maxBytes", maxBytes),
    ...measureIssues("maxTokens", maxTokens, "tokensOf", tokensOf),
    ...measureIssues("maxBytes", maxBytes, "bytesOf", bytesOf),
  ];
  if (issues.length === 0) return;
  const message = `${component}: ${issues.map((issue) => issue.message).join("; ")}`;
  throw new ConfigurationError(message, { issues });
}

function limitIssues(path: string, value: number | undefined): readonly ConfigurationIssue[] {
  if (value === undefined || value >= 1) return [];
  return [{ path, message: `${path} must be at least 1, got ${value}` }];
}

function measureIssues(
  limitName: string,
  limit: number | undefined,
  path: string,
  measure: unknown,
): readonly ConfigurationIssue[] {
  if (limit === undefined || measure !== undefined) return [];
  return [{ path, message: `${limitName} needs ${path} to measure an item` }];
}

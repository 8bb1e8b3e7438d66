import { ConfigurationError, type ConfigurationIssue } from "../../errors/configuration-error.ts";

/** Limits of one batch. A batch of a single item may exceed them. */
export interface BatchLimits<T> {
  /** Most items per batch, at least 1. */
  readonly maxItems: number;
  /** Most tokens of all items together. Needs `tokensOf`. @default none */
  readonly maxTokens?: number | undefined;
  /** Most bytes of all items together. Needs `bytesOf`. @default none */
  readonly maxBytes?: number | undefined;
  /** Returns the tokens of one item. Called once per item. */
  readonly tokensOf?: ((item: T) => number) | undefined;
  /** Returns the bytes of one item. Called once per item. */
  readonly bytesOf?: ((item: T) => number) | undefined;
}

/** The size of one item. */
export interface ItemSize {
  readonly tokens: number;
  readonly bytes: number;
}

/** Measures one item with the functions of the limits. */
export function sizeOf<T>(item: T, { tokensOf, bytesOf }: BatchLimits<T>): ItemSize {
  return { tokens: tokensOf?.(item) ?? 0, bytes: bytesOf?.(item) ?? 0 };
}

/** The size of a growing batch. */
export class BatchSize {
  readonly #limits: BatchLimits<never>;
  #items = 0;
  #tokens = 0;
  #bytes = 0;

  constructor(limits: BatchLimits<never>) {
    this.#limits = limits;
  }

  /** True if a limit is reached. */
  get isFull(): boolean {
    const { maxItems, maxTokens = Infinity, maxBytes = Infinity } = this.#limits;
    return this.#items >= maxItems || this.#tokens >= maxTokens || this.#bytes >= maxBytes;
  }

  /** Returns true if the item stays within the limits. Any item fits into an empty batch. */
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

/** Throws a `ConfigurationError` if a limit is below 1 or its measuring function is missing. */
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
  return [{ path, message: `\`${path}\` must be at least 1, got ${value}` }];
}

function measureIssues(
  limitName: string,
  limit: number | undefined,
  path: string,
  measure: unknown,
): readonly ConfigurationIssue[] {
  if (limit === undefined || measure !== undefined) return [];
  return [{ path, message: `\`${limitName}\` needs \`${path}\` to measure an item` }];
}

import { ConfigurationError } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { createHmac } from "node:crypto";
import { z } from "zod";
import { redactQuery } from "./redact-query.ts";
import {
  parseSearchLogOptions,
  type ParsedSearchLogOptions,
  type SearchLogOptions,
} from "./search-log-options.ts";
import { recordBytes, type Search, type SearchRecord } from "./search-record.ts";
import { searchSummary, type SearchSummary } from "./search-summary.ts";
import { usageSummary, type UsageSummary } from "./usage-summary.ts";

/** The period and the length of the lists of a summary. */
export interface SummaryOptions {
  /** Start of the period in epoch milliseconds. @default the oldest record */
  readonly since?: number | undefined;
  /** End of the period in epoch milliseconds, not included. @default now */
  readonly until?: number | undefined;
  /** Most entries of each list. @default 10 */
  readonly limit?: number | undefined;
}

/** Keeps the searches of an app for a limited time, and summarises them. All figures come from its records. */
export interface SearchLog {
  /** Adds a search. Throws a `ConfigurationError` if a number is not finite or below 0. */
  record(search: Search): void;
  /** Returns latencies, hit rates, scores and queries of a period. */
  summary(options?: SummaryOptions): SearchSummary;
  /** Returns users and times of a period. */
  usage(options?: SummaryOptions): UsageSummary;
  /** Removes all searches of a user and returns their number. */
  forget(user: string): number;
  /** Number of records, their estimated bytes, and records that were dropped for room. */
  stats(): { readonly records: number; readonly bytes: number; readonly dropped: number };
}

/** Creates a search log in memory. */
export function createSearchLog(options: SearchLogOptions = {}): SearchLog {
  return new MemorySearchLog(parseSearchLogOptions(options));
}

const summarySchema = z.strictObject({
  since: z.number().optional(),
  until: z.number().optional(),
  limit: z.int().positive().default(10),
});

class MemorySearchLog implements SearchLog {
  readonly #options: ParsedSearchLogOptions;
  #records: SearchRecord[] = [];
  /** Records before this position are dropped. They are removed from the list in bulk. */
  #first = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(options: ParsedSearchLogOptions) {
    this.#options = options;
  }

  record(search: Search): void {
    checkSearch(search);
    const { query, user, durationMs, hits, score, error } = search;
    const { clock, queries } = this.#options;
    const record = {
      at: clock.now(),
      query: queries === "hashed" ? this.#hash("query", query.trim().toLowerCase()) : redactQuery(query),
      user: user === undefined ? undefined : this.#hash("user", user),
      durationMs,
      hits,
      score,
      error,
    };
    this.#records.push(record);
    this.#bytes += recordBytes(record);
    this.#expire();
    while (this.#bytes > this.#options.maxBytes && this.#first < this.#records.length - 1) {
      this.#dropFirst();
      this.#dropped += 1;
    }
  }

  summary(options: SummaryOptions = {}): SearchSummary {
    return searchSummary(...this.#period("summary", options));
  }

  usage(options: SummaryOptions = {}): UsageSummary {
    return usageSummary(...this.#period("usage", options));
  }

  forget(user: string): number {
    const hash = this.#hash("user", user);
    const kept = this.#kept().filter((record) => record.user !== hash);
    const removed = this.#records.length - this.#first - kept.length;
    this.#records = kept;
    this.#first = 0;
    this.#bytes = kept.reduce((sum, record) => sum + recordBytes(record), 0);
    return removed;
  }

  stats(): ReturnType<SearchLog["stats"]> {
    this.#expire();
    return { records: this.#records.length - this.#first, bytes: this.#bytes, dropped: this.#dropped };
  }

  #period(label: string, options: SummaryOptions) {
    const parsed = parseOptions(label, summarySchema, options);
    this.#expire();
    const kept = this.#kept();
    const { until = this.#options.clock.now() + 1, limit } = parsed;
    const { since = kept[0]?.at ?? until } = parsed;
    const records = kept.filter(({ at }) => at >= since && at < until);
    return [records, { since, until, limit }] as const;
  }

  #kept(): SearchRecord[] {
    return this.#records.slice(this.#first);
  }

  #expire(): void {
    const oldest = this.#options.clock.now() - this.#options.retentionMs;
    while ((this.#records[this.#first]?.at ?? Infinity) < oldest) this.#dropFirst();
    if (this.#first > 1024 && this.#first > this.#records.length / 2) {
      this.#records = this.#kept();
      this.#first = 0;
    }
  }

  #dropFirst(): void {
    const record = this.#records[this.#first];
    if (record !== undefined) this.#bytes -= recordBytes(record);
    this.#first += 1;
  }

  #hash(kind: "query" | "user", text: string): string {
    return createHmac("sha256", this.#options.secret).update(`${kind}:${text}`).digest("hex").slice(0, 24);
  }
}

function checkSearch({ query, durationMs, hits, score }: Search): void {
  if (typeof query !== "string")
    throw new ConfigurationError(`record: \`query\` must be a text, got ${typeof query}.`);
  for (const [name, value] of Object.entries({ durationMs, hits }))
    if (!Number.isFinite(value) || value < 0)
      throw new ConfigurationError(`record: \`${name}\` must be a number of at least 0, got ${value}.`);
  if (score !== undefined && !Number.isFinite(score))
    throw new ConfigurationError(`record: \`score\` must be a finite number, got ${score}.`);
}

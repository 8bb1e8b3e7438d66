import { distributionOf, type Distribution } from "../distribution.ts";
import type { SearchRecord } from "./search-record.ts";

/** A query and how often it was asked. */
export interface QueryCount {
  /** The redacted query, or its hash. */
  readonly query: string;
  readonly searches: number;
  /** Number of different users. Searches without a user are not counted. */
  readonly users: number;
  /** Part of the searches without a hit, from 0 to 1. */
  readonly zeroHitRate: number;
}

/** A query that is asked more often than before. */
export interface TrendingQuery {
  readonly query: string;
  /** Searches in the last quarter of the period. */
  readonly recent: number;
  /** Searches in the rest of the period. */
  readonly before: number;
  /** Standard deviations above the number that the rest of the period lets expect. */
  readonly rise: number;
}

/** The searches of one of the equal parts of a period. */
export interface SearchSlice {
  /** Start of the part in epoch milliseconds. */
  readonly from: number;
  readonly searches: number;
  /** Successful searches without a hit. */
  readonly withoutHits: number;
  /** Median and 95th percentile of the latency. 0 without searches. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
}

/** The searches of a period. */
export interface SearchSummary {
  /** The period in epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly searches: number;
  readonly failed: number;
  /** Searches per error code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Part of the successful searches without a hit, from 0 to 1. 0 without searches. */
  readonly zeroHitRate: number;
  readonly latencyMs: Distribution;
  /** 24 equal parts of the period, oldest first. Empty if the period is. */
  readonly timeline: readonly SearchSlice[];
  /** Number of searches by the similarity of their best hit, in ten steps from 0 to 1. Values outside count in
   * the nearest step. Searches without a known similarity are left out. */
  readonly scores: readonly { readonly from: number; readonly searches: number }[];
  /** Most frequent first. */
  readonly popular: readonly QueryCount[];
  /** The most frequent queries without any hit. They show what users miss. */
  readonly unanswered: readonly QueryCount[];
  /** Largest rise first. */
  readonly trending: readonly TrendingQuery[];
}

/** Summarises records, which are in order of time. */
export function searchSummary(
  records: readonly SearchRecord[],
  { since, until, limit }: { readonly since: number; readonly until: number; readonly limit: number },
): SearchSummary {
  const succeeded = records.filter(({ error }) => error === undefined);
  const queries = countQueries(succeeded);
  const errors: Record<string, number> = {};
  for (const { error } of records) if (error !== undefined) errors[error] = (errors[error] ?? 0) + 1;
  return {
    since,
    until,
    searches: records.length,
    failed: records.length - succeeded.length,
    errors,
    zeroHitRate: shareOf(succeeded, ({ hits }) => hits === 0),
    latencyMs: distributionOf(records.map(({ durationMs }) => durationMs)),
    timeline: timelineOf(records, since, until),
    scores: scoreHistogram(succeeded),
    popular: queries.slice(0, limit),
    unanswered: queries.filter(({ zeroHitRate }) => zeroHitRate === 1).slice(0, limit),
    trending: trendingQueries(succeeded, since + (until - since) * 0.75).slice(0, limit),
  };
}

function shareOf<T>(all: readonly T[], test: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(test).length / all.length;
}

const slices = 24;

function timelineOf(records: readonly SearchRecord[], since: number, until: number): readonly SearchSlice[] {
  if (until <= since) return [];
  const width = (until - since) / slices;
  const parts = Map.groupBy(records, ({ at }) => Math.min(slices - 1, Math.floor((at - since) / width)));
  return Array.from({ length: slices }, (_, part) => {
    const same = parts.get(part) ?? [];
    const { p50, p95 } = distributionOf(same.map(({ durationMs }) => durationMs));
    const withoutHits = same.filter(({ error, hits }) => error === undefined && hits === 0).length;
    return {
      from: Math.round(since + part * width),
      searches: same.length,
      withoutHits,
      latencyMs: { p50, p95 },
    };
  });
}

function byQuery(records: readonly SearchRecord[]): ReadonlyMap<string, readonly SearchRecord[]> {
  return Map.groupBy(records, ({ query }) => query.toLowerCase());
}

function countQueries(records: readonly SearchRecord[]): readonly QueryCount[] {
  const counts = [...byQuery(records).values()].map((same) => ({
    query: same[0]?.query ?? "",
    searches: same.length,
    users: new Set(same.flatMap(({ user }) => user ?? [])).size,
    zeroHitRate: shareOf(same, ({ hits }) => hits === 0),
  }));
  return counts.sort((a, b) => b.searches - a.searches || (a.query < b.query ? -1 : 1));
}

function scoreHistogram(records: readonly SearchRecord[]): SearchSummary["scores"] {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const { score } of records) {
    if (score === undefined) continue;
    const step = Math.min(9, Math.max(0, Math.floor(score * 10)));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts.map((searches, step) => ({ from: step / 10, searches }));
}

function trendingQueries(records: readonly SearchRecord[], recentFrom: number): readonly TrendingQuery[] {
  const trends = [...byQuery(records).values()].flatMap((same) => {
    const recent = same.filter(({ at }) => at >= recentFrom).length;
    const before = same.length - recent;
    // The rest of the period is three times as long. Counts vary about as much as their root.
    const expected = before / 3;
    const rise = (recent - expected) / Math.sqrt(expected + 1);
    return recent >= 2 && rise > 1 ? [{ query: same[0]?.query ?? "", recent, before, rise }] : [];
  });
  return trends.sort((a, b) => b.rise - a.rise || (a.query < b.query ? -1 : 1));
}

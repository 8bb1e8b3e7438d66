import { distributionOf, type Distribution } from "../distribution.ts";
import type { SearchRecord } from "./search-record.ts";

/** The use of a period. */
export interface UsageSummary {
  readonly since: number;
  readonly until: number;
  /** Days in UTC with at least one search, oldest first. */
  readonly days: readonly { readonly day: string; readonly searches: number; readonly users: number }[];
  /** Searches by the hour of the day in UTC, 24 numbers. */
  readonly hours: readonly number[];
  /** Number of different users. Searches without a user are not counted. */
  readonly users: number;
  /** The users with the most searches, by their keyed hashes. */
  readonly topUsers: readonly { readonly user: string; readonly searches: number }[];
  readonly searchesPerUser: Distribution;
}

/** Summarises who searched when. The records are in order of time. */
export function usageSummary(
  records: readonly SearchRecord[],
  { since, until, limit }: { readonly since: number; readonly until: number; readonly limit: number },
): UsageSummary {
  const perUser = new Map<string, number>();
  const hours = Array.from({ length: 24 }, () => 0);
  for (const { at, user } of records) {
    const hour = new Date(at).getUTCHours();
    hours[hour] = (hours[hour] ?? 0) + 1;
    if (user !== undefined) perUser.set(user, (perUser.get(user) ?? 0) + 1);
  }
  const days = Map.groupBy(records, ({ at }) => new Date(at).toISOString().slice(0, 10));
  return {
    since,
    until,
    days: [...days].map(([day, same]) => ({
      day,
      searches: same.length,
      users: new Set(same.flatMap(({ user }) => user ?? [])).size,
    })),
    hours,
    users: perUser.size,
    topUsers: [...perUser]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([user, searches]) => ({ user, searches })),
    searchesPerUser: distributionOf([...perUser.values()]),
  };
}

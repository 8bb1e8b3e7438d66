import { ConfigurationError, type Collection, type Metadata } from "@binnacle/core";
import { callOptionsFields, parseOptions } from "@binnacle/core/kit";
import { instant } from "@binnacle/core/stores";
import { z } from "zod";
import type { ClusterCollectionOptions } from "./cluster-collection.ts";
import { clusterFields } from "./clustering/cluster-options.ts";
import { clusterVectors } from "./clustering/cluster-vectors.ts";
import { distinctiveTerms } from "./distinctive-terms.ts";
import { samplePoints } from "./sample-points.ts";

/** Options of {@link topicsOverTime}. */
export interface TopicsOverTimeOptions<M extends Metadata = Metadata> extends ClusterCollectionOptions<M> {
  /** The metadata field with the time: a `datetime`, or a number of epoch milliseconds. */
  readonly timeField: Extract<keyof M, string>;
  /** Length of a window, in milliseconds. @default one week */
  readonly windowMs?: number | undefined;
}

/** A topic and its size in each window. */
export interface TopicTrend {
  /** Words that distinguish the topic, most distinctive first. */
  readonly terms: readonly string[];
  readonly size: number;
  /** Ids of the most typical points. */
  readonly exemplars: readonly string[];
  /** Number of points in each window, in the order of {@link TopicsOverTime.windows}. */
  readonly counts: readonly number[];
  /** Share of the last window less the mean share of the windows before. Above 0: the topic grows. 0 if there
   * is only one window. */
  readonly change: number;
}

/** The result of {@link topicsOverTime}. */
export interface TopicsOverTime {
  /** Start of each window in epoch milliseconds, and its number of points. Oldest first. */
  readonly windows: readonly { readonly startsAt: number; readonly points: number }[];
  /** Largest first. */
  readonly topics: readonly TopicTrend[];
  readonly sampled: number;
  /** Points of the sample without a readable time, which are left out. */
  readonly undated: number;
  readonly total: number;
}

const week = 7 * 24 * 3_600_000;
const maxWindows = 1000;

const schema = z.strictObject({
  ...clusterFields,
  ...callOptionsFields,
  filter: z.custom<object>().optional(),
  maxPoints: z.int().min(1).max(100_000).default(5000),
  terms: z.int().nonnegative().default(5),
  timeField: z.string().min(1),
  windowMs: z.int().positive().default(week),
});

/**
 * Finds the topics of a collection and counts them in windows of time. The topics are clusters over all
 * windows, so that one topic means the same in each window. Rejects with a `ConfigurationError` if the
 * windows are so short that there are more than 1,000.
 */
export async function topicsOverTime<M extends Metadata = Metadata>(
  collection: Collection<M>,
  options: TopicsOverTimeOptions<M>,
): Promise<TopicsOverTime> {
  const parsed = parseOptions("topicsOverTime", schema, options);
  const {
    deadlineAt,
    traceparent,
    signal,
    maxPoints,
    terms,
    timeField,
    windowMs,
    filter: _,
    ...rest
  } = parsed;
  const call = { signal, deadlineAt, traceparent, filter: options.filter, maxPoints, seed: rest.seed };
  const sample = await samplePoints(collection, call);
  const dated = sample.points.flatMap((point) => {
    const time = timeOf(point.metadata[timeField]);
    return time === undefined ? [] : [{ point, window: Math.floor(time / windowMs) }];
  });
  const undated = sample.points.length - dated.length;
  const ends = { sampled: sample.points.length, undated, total: sample.total };
  if (dated.length === 0) return { windows: [], topics: [], ...ends };
  const clusters = rest.clusters === "auto" ? rest.clusters : Math.min(rest.clusters, dated.length);
  const vectors = dated.map(({ point }) => point.dense);
  const found = await clusterVectors(vectors, { ...rest, clusters, signal });
  const windows = windowsOf(dated, windowMs);
  const counts = found.clusters.map(() => windows.map(() => 0));
  const texts: string[][] = found.clusters.map(() => []);
  const first = Math.floor((windows[0]?.startsAt ?? 0) / windowMs);
  for (const [at, { point, window }] of dated.entries()) {
    const topic = found.assignments[at] ?? 0;
    const row = counts[topic];
    if (row !== undefined) row[window - first] = (row[window - first] ?? 0) + 1;
    texts[topic]?.push(point.chunk.text);
  }
  const words = distinctiveTerms(texts, terms);
  const topics = found.clusters.map(({ size, exemplars }, topic) => ({
    terms: words[topic] ?? [],
    size,
    exemplars: exemplars.flatMap((at) => dated[at]?.point.id ?? []),
    counts: counts[topic] ?? [],
    change: changeOf(counts[topic] ?? [], windows),
  }));
  return { windows, topics, ...ends };
}

type Windows = TopicsOverTime["windows"];

function windowsOf(dated: readonly { readonly window: number }[], windowMs: number): Windows {
  let [first, last] = [Infinity, -Infinity];
  for (const { window } of dated) [first, last] = [Math.min(first, window), Math.max(last, window)];
  if (last - first >= maxWindows)
    throw new ConfigurationError(
      `topicsOverTime: \`windowMs\` ${windowMs} makes ${last - first + 1} windows, at most ${maxWindows} are allowed. Use longer windows.`,
    );
  const points = Array.from({ length: last - first + 1 }, () => 0);
  for (const { window } of dated) points[window - first] = (points[window - first] ?? 0) + 1;
  return points.map((count, at) => ({ startsAt: (first + at) * windowMs, points: count }));
}

function changeOf(counts: readonly number[], windows: Windows): number {
  const shares = counts.flatMap((count, at) => {
    const points = windows[at]?.points ?? 0;
    return points === 0 ? [] : [count / points];
  });
  const before = shares.slice(0, -1);
  if (before.length === 0) return 0;
  return (shares.at(-1) ?? 0) - before.reduce((sum, share) => sum + share, 0) / before.length;
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const microseconds = typeof value === "string" ? instant(value) : undefined;
  return microseconds === undefined ? undefined : Number(microseconds) / 1000;
}

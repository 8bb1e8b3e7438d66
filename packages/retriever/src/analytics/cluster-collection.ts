import type { CallOptions, Collection, Filter, Metadata } from "@binnacle/core";
import { callOptionsFields, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { clusterFields, type ClusterOptions } from "./clustering/cluster-options.ts";
import { clusterVectors } from "./clustering/cluster-vectors.ts";
import { distinctiveTerms } from "./distinctive-terms.ts";
import { samplePoints } from "./sample-points.ts";

/** Options of {@link clusterCollection}. */
export interface ClusterCollectionOptions<M extends Metadata = Metadata> extends ClusterOptions, CallOptions {
  /** Clusters only points that match. @default all points */
  readonly filter?: Filter<M> | undefined;
  /** Most points that are clustered. A larger collection is sampled at random. @default 5000 */
  readonly maxPoints?: number | undefined;
  /** Words that describe each cluster. @default 5 */
  readonly terms?: number | undefined;
}

/** A typical point of a cluster. */
export interface ClusterExemplar {
  readonly id: string;
  readonly documentId: string;
  readonly title?: string | undefined;
  readonly text: string;
}

/** A cluster of a collection's points. */
export interface PointCluster {
  /** Number of points in the sample. */
  readonly size: number;
  /** Part of the sample, from 0 to 1. */
  readonly share: number;
  readonly cohesion: number;
  readonly centroid: Float32Array;
  /** The points nearest to the centroid, nearest first. */
  readonly exemplars: readonly ClusterExemplar[];
  /** Words that distinguish the cluster's texts from the others, most distinctive first. */
  readonly terms: readonly string[];
}

/** The result of {@link clusterCollection}. */
export interface CollectionClusters {
  /** Largest first. */
  readonly clusters: readonly PointCluster[];
  readonly silhouette: number;
  /** Number of points that were clustered. */
  readonly sampled: number;
  /** Number of points that match the filter. */
  readonly total: number;
}

const schema = z.strictObject({
  ...clusterFields,
  ...callOptionsFields,
  filter: z.custom<Filter>().optional(),
  maxPoints: z.int().min(1).max(100_000).default(5000),
  terms: z.int().nonnegative().default(5),
});

/**
 * Groups the points of a collection by meaning. Reads all vectors once, and clusters a random sample of them as
 * `clusterVectors` does. The store checks the filter.
 */
export async function clusterCollection<M extends Metadata = Metadata>(
  collection: Collection<M>,
  options: ClusterCollectionOptions<M> = {},
): Promise<CollectionClusters> {
  const parsed = parseOptions("clusterCollection", schema, options);
  const { deadlineAt, traceparent, maxPoints, terms, filter: _, ...rest } = parsed;
  const { filter, signal } = options;
  const call = { signal, deadlineAt, traceparent };
  const { points, total } = await samplePoints(collection, { ...call, filter, maxPoints, seed: rest.seed });
  const vectors = points.map(({ dense }) => dense);
  const clusters = rest.clusters === "auto" ? rest.clusters : Math.min(rest.clusters, vectors.length);
  const { assignments, silhouette, ...found } = await clusterVectors(vectors, {
    ...rest,
    clusters: clusters === 0 ? "auto" : clusters,
  });
  const texts: string[][] = found.clusters.map(() => []);
  for (const [at, cluster] of assignments.entries()) texts[cluster]?.push(points[at]?.chunk.text ?? "");
  const words = distinctiveTerms(texts, terms);
  return {
    clusters: found.clusters.map(({ size, centroid, cohesion, exemplars }, at) => ({
      size,
      share: size / points.length,
      cohesion,
      centroid,
      exemplars: exemplars.flatMap((row) => {
        const point = points[row];
        if (point === undefined) return [];
        const { documentId, title, text } = point.chunk;
        return [{ id: point.id, documentId, title, text }];
      }),
      terms: words[at] ?? [],
    })),
    silhouette,
    sampled: points.length,
    total,
  };
}

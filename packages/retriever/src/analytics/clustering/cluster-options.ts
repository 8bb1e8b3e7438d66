import { callOptionsFields, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of {@link clusterVectors}. */
export interface ClusterOptions {
  /** Number of clusters, or `auto`. @default "auto" */
  readonly clusters?: number | "auto" | undefined;
  /** Most clusters that `auto` tries, at most 50. @default 12 */
  readonly maxClusters?: number | undefined;
  /** Start of the random numbers. The same seed gives the same clusters. @default 1 */
  readonly seed?: number | undefined;
  /** Most iterations of one run. @default 50 */
  readonly maxIterations?: number | undefined;
  /** Exemplars of each cluster. @default 3 */
  readonly exemplars?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Defaulted = Exclude<keyof ClusterOptions, "signal">;

/** The schemas of the fields of {@link ClusterOptions}. */
export const clusterFields: { readonly [K in Defaulted]: z.ZodType<NonNullable<ClusterOptions[K]>> } = {
  clusters: z.union([z.literal("auto"), z.int().min(1).max(1000)]).default("auto"),
  maxClusters: z.int().min(2).max(50).default(12),
  seed: z.int().nonnegative().default(1),
  maxIterations: z.int().positive().default(50),
  exemplars: z.int().nonnegative().default(3),
};

const schema = z.strictObject({ ...clusterFields, signal: callOptionsFields.signal });

/** Options of {@link clusterVectors} with their defaults. */
export type ParsedClusterOptions = Pick<ClusterOptions, "signal"> & {
  readonly [K in Defaulted]: NonNullable<ClusterOptions[K]>;
};

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseClusterOptions(options: ClusterOptions): ParsedClusterOptions {
  return parseOptions("clusterVectors", schema, options);
}

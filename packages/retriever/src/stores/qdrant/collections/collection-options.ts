import type { ResolvedSpec } from "@binnacle/core/stores";
import { z } from "zod";
import { DENSE, SPARSE } from "../wire/payload-keys.ts";

/** How the server lays out a collection. Holds for collections that are created; existing ones stay as they are. */
export interface QdrantCollectionOptions {
  /** The graph of dense vectors. */
  readonly hnsw?:
    | {
        /** Links of each node. @default 16 */
        readonly m?: number | undefined;
        /** Neighbours that are looked at while the graph is built. @default 200 */
        readonly efConstruct?: number | undefined;
      }
    | undefined;
  /** Small copies of dense vectors in memory. Searches look at these first and score the best again by the originals.
   * `int8`: one byte for each number. `binary`: one bit, for models with 1,000 dimensions and more. `product`: one byte
   * for 4 numbers, slower to build. `none`: only the originals. @default "int8" */
  readonly quantization?: "int8" | "binary" | "product" | "none" | undefined;
  /** Share of the numbers that the 256 steps of `int8` span; the rest is cut off. From 0.5 to 1. @default 0.99 */
  readonly quantile?: number | undefined;
  /** Candidates scored again by the originals, as a multiple of the limit. @default 2 */
  readonly oversampling?: number | undefined;
  /** Where dense vectors and payloads are read from: a file on disk, or memory. The quantized vectors and the graph
   * are in memory in both cases. @default "disk" */
  readonly originals?: "disk" | "memory" | undefined;
  /** @default 1 */
  readonly shards?: number | undefined;
  /** Copies of each shard. @default 1 */
  readonly replicas?: number | undefined;
  /** Copies that must confirm a write. Epochs need all of them. @default all copies */
  readonly writeConsistency?: number | undefined;
  /** Qdrant's strict mode, passed on as it is. @default off */
  readonly strictMode?: Readonly<Record<string, unknown>> | undefined;
}

/** {@link QdrantCollectionOptions} with their defaults. */
export interface QdrantCollectionSettings {
  readonly hnsw: { readonly m: number; readonly efConstruct: number };
  readonly quantization: "int8" | "binary" | "product" | "none";
  readonly quantile: number;
  readonly oversampling: number;
  readonly originals: "disk" | "memory";
  readonly shards: number;
  readonly replicas: number;
  readonly writeConsistency?: number | undefined;
  readonly strictMode?: Readonly<Record<string, unknown>> | undefined;
}

/** Checks {@link QdrantCollectionOptions}. */
export const collectionSchema: z.ZodType<QdrantCollectionSettings, QdrantCollectionOptions | undefined> = z
  .strictObject({
    hnsw: z
      .strictObject({
        m: z.int().min(4).max(10_000).default(16),
        efConstruct: z.int().min(4).default(200),
      })
      .prefault({}),
    quantization: z.enum(["int8", "binary", "product", "none"]).default("int8"),
    quantile: z.number().min(0.5).max(1).default(0.99),
    oversampling: z.number().min(1).default(2),
    originals: z.enum(["disk", "memory"]).default("disk"),
    shards: z.int().positive().default(1),
    replicas: z.int().positive().default(1),
    writeConsistency: z.int().positive().optional(),
    strictMode: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ writeConsistency = 1, replicas }) => writeConsistency <= replicas, {
    path: ["writeConsistency"],
    error: "must not be above `replicas`",
  })
  .prefault({});

const DISTANCES = { cosine: "Cosine", dot: "Dot", euclid: "Euclid" } as const;

/** The body of the request that creates a collection. */
export function creationBody(
  { dense, sparse }: ResolvedSpec,
  settings: QdrantCollectionSettings,
  metadata: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { hnsw, originals, shards, replicas, writeConsistency = replicas, strictMode } = settings;
  const onDisk = originals === "disk";
  return {
    vectors: dense
      ? { [DENSE]: { size: dense.dimensions, distance: DISTANCES[dense.metric], on_disk: onDisk } }
      : {},
    ...(sparse && {
      sparse_vectors: { [SPARSE]: sparse.idf === "bm25" ? { modifier: "idf" } : {} },
    }),
    hnsw_config: { m: hnsw.m, ef_construct: hnsw.efConstruct },
    ...(dense && quantizationConfig(settings)),
    on_disk_payload: onDisk,
    shard_number: shards,
    replication_factor: replicas,
    write_consistency_factor: writeConsistency,
    ...(strictMode && { strict_mode_config: { enabled: true, ...strictMode } }),
    metadata,
  };
}

function quantizationConfig({ quantization, quantile }: QdrantCollectionSettings): object {
  const always_ram = true;
  switch (quantization) {
    case "int8":
      return { quantization_config: { scalar: { type: "int8", quantile, always_ram } } };
    case "binary":
      return { quantization_config: { binary: { always_ram } } };
    case "product":
      return { quantization_config: { product: { compression: "x16", always_ram } } };
    case "none":
      return {};
    default:
      return quantization satisfies never;
  }
}

import type { ResolvedSpec } from "@binnacle/core/stores";
import { z } from "zod";
import { DENSE, SPARSE } from "../wire/payload-keys.ts";

/**
 * The layout of a collection on the server. It applies to new collections. Existing ones stay unchanged until
 * {@link QdrantStore.updateCollection} changes them.
 */
export interface QdrantCollectionOptions {
  /** The graph of the dense vectors. */
  readonly hnsw?:
    | {
        /** Links of each node. @default 16 */
        readonly m?: number | undefined;
        /** Neighbours that are examined while the graph is built. @default 200 */
        readonly efConstruct?: number | undefined;
      }
    | undefined;
  /**
   * Small copies of the dense vectors in memory. A search reads the copies first, and scores the best points
   * again by the originals. `int8`: one byte per number. `binary`: one bit per number, for models with at
   * least 1,000 dimensions. `product`: one byte per 4 numbers, slower to build. `none`: only the originals.
   * @default "int8"
   */
  readonly quantization?: "int8" | "binary" | "product" | "none" | undefined;
  /** Share of the numbers that the 256 steps of `int8` cover. Larger and smaller numbers are clipped. From
   * 0.5 to 1. @default 0.99 */
  readonly quantile?: number | undefined;
  /** Number of candidates that are scored again by the originals, as a multiple of the limit. @default 2 */
  readonly oversampling?: number | undefined;
  /** The place of dense vectors and payloads: a file on disk, or memory. The quantized vectors and the
   * graph are always in memory. @default "disk" */
  readonly originals?: "disk" | "memory" | undefined;
  /** Number of shards. @default 1 */
  readonly shards?: number | undefined;
  /** Copies of each shard. @default 1 */
  readonly replicas?: number | undefined;
  /** Copies that must confirm a write. Epochs require all of them. @default all copies */
  readonly writeConsistency?: number | undefined;
  /** Qdrant's strict mode, passed on unchanged. @default off */
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

/** Checks {@link QdrantCollectionOptions}. Throws a `ConfigurationError`. */
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

/** Returns the body of the request that creates a collection. */
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
    ...(dense &&
      settings.quantization !== "none" && {
        quantization_config: quantizationOf(settings.quantization, settings.quantile),
      }),
    on_disk_payload: onDisk,
    shard_number: shards,
    replication_factor: replicas,
    write_consistency_factor: writeConsistency,
    ...(strictMode && { strict_mode_config: { enabled: true, ...strictMode } }),
    metadata,
  };
}

/** The configuration of small copies. They are in memory in every case. */
export function quantizationOf(kind: string, quantile: number | undefined): object {
  const always_ram = true;
  if (kind === "binary") return { binary: { always_ram } };
  if (kind === "product") return { product: { compression: "x16", always_ram } };
  return { scalar: { type: "int8", quantile, always_ram } };
}

import type { CallOptions, Chunker, CollectionSpec, Embedder, Metadata, SparseEncoder } from "@binnacle/core";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ImageInput } from "../documents/document-images.ts";
import type { FencedPoints } from "../points/fenced-points.ts";
import type { VectorStash } from "../points/vector-stash.ts";
import type { EntryLog } from "./entry-log.ts";
import type { MassDeletion } from "./mass-delete-error.ts";
import type { RetryQueue } from "./retry-queue.ts";
import type { Tally } from "./tally.ts";
import type { WriteLock } from "./write-lock.ts";

/** The parts of an index that make points. */
export interface IndexParts {
  readonly chunker: Chunker;
  readonly embedder?: Embedder | undefined;
  readonly sparse?: SparseEncoder | undefined;
  readonly schema?: StandardSchemaV1<unknown, Metadata> | undefined;
}

/** The limits of a run. */
export interface RunLimits {
  /** Maximum bytes of text in each stage: chunked, waiting for vectors, embedded and written. */
  readonly maxBatchBytes: number;
  /** Documents loaded at the same time. */
  readonly loadConcurrency: number;
  /** Number of texts that the embedder can process at the same time. */
  readonly embedItems: number;
}

/** The permission for mass deletions, or a function that decides on each deletion. Only `true` permits it. */
export type AllowMassDelete = boolean | ((deletion: MassDeletion) => boolean | Promise<boolean>);

/** The state that the steps of one run share. */
export interface RunContext {
  readonly index: IndexParts;
  readonly spec: CollectionSpec;
  /** How the embedder takes images. */
  readonly images: ImageInput;
  /** {@link ManifestEntry.config} of this run. */
  readonly config: string;
  readonly sourceId: string;
  readonly tenant: string | undefined;
  readonly points: FencedPoints;
  readonly entries: EntryLog;
  /** Held by each step that writes points, from the log before the writes to the log after them. */
  readonly lock: WriteLock;
  /** Vectors that this run took out of the store. */
  readonly stash: VectorStash;
  readonly retries: RetryQueue;
  readonly tally: Tally;
  readonly limits: RunLimits;
  /** True if documents are read again although their version is the recorded one. */
  readonly recheck: boolean;
  readonly allowMassDelete: AllowMassDelete;
  readonly call: CallOptions;
  /** Reports the progress of the run. */
  readonly report: (degraded?: { scope: string; error: unknown }) => void;
}

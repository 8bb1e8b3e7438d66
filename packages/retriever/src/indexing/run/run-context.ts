import type { CallOptions, Chunker, CollectionSpec, Embedder, Metadata, SparseEncoder } from "@binnacle/core";
import type { StandardSchemaV1 } from "@standard-schema/spec";
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

/** How much a run holds and does at a time. */
export interface RunLimits {
  /** Bytes of text that are chunked, that wait for vectors, that are embedded, and that are written: each as many. */
  readonly maxBatchBytes: number;
  /** Documents loaded at the same time. */
  readonly loadConcurrency: number;
  /** Texts that the embedder can work on at the same time. */
  readonly embedItems: number;
}

/** Says whether a mass deletion may go on. */
export type AllowMassDelete = boolean | ((deletion: MassDeletion) => boolean | Promise<boolean>);

/** Everything that the steps of one run share. */
export interface RunContext {
  readonly index: IndexParts;
  readonly spec: CollectionSpec;
  /** {@link ManifestEntry.config} of this run. */
  readonly config: string;
  readonly sourceId: string;
  readonly tenant: string | undefined;
  readonly points: FencedPoints;
  readonly entries: EntryLog;
  /** A step that writes points holds it from the log before the writes to the log after them. */
  readonly lock: WriteLock;
  /** Vectors that this run has taken out of the store. */
  readonly stash: VectorStash;
  readonly retries: RetryQueue;
  readonly tally: Tally;
  readonly limits: RunLimits;
  /** Read documents again even where their version is the recorded one. */
  readonly recheck: boolean;
  readonly allowMassDelete: AllowMassDelete;
  readonly call: CallOptions;
  /** Reports how far the run is. */
  readonly report: (degraded?: { scope: string; error: unknown }) => void;
}

import type { CallOptions, CollectionSpec, Manifest, VectorStore } from "@binnacle/core";
import type { Index } from "../indexing/options/define-index.ts";
import type { ReindexProgress } from "./reindex-options.ts";

/** One call of {@link reindex} after its names are known. */
export interface ReindexRun {
  readonly store: VectorStore;
  readonly index: Index;
  /** The spec of the new collection, under its own name. */
  readonly spec: CollectionSpec;
  /** The old collection; undefined if it does not exist yet. */
  readonly from: string | undefined;
  readonly manifest: Manifest | undefined;
  readonly leaseWaitMs: number;
  readonly call: CallOptions;
  readonly tally: { embeddings: number };
  readonly report: (progress: Omit<ReindexProgress, "embeddings">) => void;
}

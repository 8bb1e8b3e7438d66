import { BinnacleError, type CallOptions } from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import type { OpenCollections } from "./collections/open-collections.ts";
import type { QdrantApi } from "./wire/qdrant-api.ts";
import type { RequestBounds } from "./write/batch-writer.ts";
import type { KnownSentinels } from "./write/epochs.ts";
import type { Turns } from "./write/turns.ts";

/** The parts that all handles of one store share. */
export interface QdrantContext {
  readonly api: QdrantApi;
  readonly collections: OpenCollections;
  readonly sentinels: KnownSentinels;
  readonly turns: Turns;
  readonly bounds: RequestBounds;
  readonly oversampling: number;
  /** Throws if the store is closed, the signal is aborted or the deadline has passed. */
  check(options?: CallOptions): void;
}

/** Creates {@link QdrantContext.check}. */
export function callCheck(isClosed: () => boolean): (options?: CallOptions) => void {
  return (options) => {
    if (isClosed()) throw new BinnacleError("closed", "The QdrantStore is closed. Create a new one.");
    checkCall(options);
  };
}

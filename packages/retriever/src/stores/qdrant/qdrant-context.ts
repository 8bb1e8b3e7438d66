import { BinnacleError, type CallOptions } from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import type { OpenCollections } from "./collections/open-collections.ts";
import type { QdrantApi } from "./wire/qdrant-api.ts";
import type { RequestBounds } from "./write/batch-writer.ts";
import type { KnownSentinels } from "./write/epochs.ts";
import type { Turns } from "./write/turns.ts";

/** What the handles of one store share. */
export interface QdrantContext {
  readonly api: QdrantApi;
  readonly collections: OpenCollections;
  readonly sentinels: KnownSentinels;
  readonly turns: Turns;
  readonly bounds: RequestBounds;
  readonly oversampling: number;
  /** Throws if the store is closed, the call was aborted or its deadline has passed. */
  check(options?: CallOptions): void;
}

/** Makes {@link QdrantContext.check}. */
export function callCheck(isClosed: () => boolean): (options?: CallOptions) => void {
  return (options) => {
    if (isClosed()) throw new BinnacleError("closed", "the QdrantStore is closed; create a new one");
    checkCall(options);
  };
}

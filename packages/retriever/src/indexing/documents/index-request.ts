import type { Document } from "@binnacle/core";
import type { Listing } from "../sync/listing.ts";

/** A document that the source showed and that is to be indexed. */
export interface IndexRequest {
  readonly documentId: string;
  readonly scope: string;
  readonly version: string;
  /** The listing that showed it, if any. */
  readonly listing: Listing | undefined;
  readonly load: (call: { signal?: AbortSignal | undefined }) => Promise<Document | undefined>;
}

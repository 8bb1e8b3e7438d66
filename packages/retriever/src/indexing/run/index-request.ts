import type { Document } from "@binnacle/core";
import type { Listing } from "./listing.ts";

/** When the source said it. */
interface Said {
  /** Position among everything that the source said in this run. */
  readonly order: number;
  /** Epoch milliseconds. */
  readonly saidAt: number;
}

/** A document that the source showed and that is to be indexed. */
export interface IndexRequest extends Said {
  readonly documentId: string;
  readonly scope: string;
  readonly version: string;
  /** The listing that showed it, if any. */
  readonly listing: Listing | undefined;
  readonly load: (call: { signal?: AbortSignal | undefined }) => Promise<Document | undefined>;
}

/** A document that is to be removed. */
export interface Removal extends Said {
  readonly documentId: string;
  /** Scopes that it is gone from; undefined: it is gone from whichever scope it belongs to. */
  readonly scopes: readonly string[] | undefined;
  /** Tells it from an {@link IndexRequest}. */
  readonly load?: undefined;
}

/** A document that the source showed, whatever came of it. */
export interface ShownDocument extends Said {
  readonly documentId: string;
  readonly scope: string;
  /** Undefined if the source could not say. */
  readonly version?: string | undefined;
  readonly listing: Listing | undefined;
  readonly load?: IndexRequest["load"] | undefined;
}

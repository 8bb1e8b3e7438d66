import type { Document } from "@binnacle/core";
import type { Listing } from "./listing.ts";

/** The place of a change among all changes. */
interface Said {
  /** Position among all changes of this run. */
  readonly order: number;
  /** When the change arrived, epoch milliseconds. */
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
  /** Scopes that the document is gone from. Undefined: it is gone from its scope, whichever that is. */
  readonly scopes: readonly string[] | undefined;
  /** Distinguishes a removal from an {@link IndexRequest}. */
  readonly load?: undefined;
}

/** A document that the source showed, indexed or not. */
export interface ShownDocument extends Said {
  readonly documentId: string;
  readonly scope: string;
  /** Undefined if the source could not give it. */
  readonly version?: string | undefined;
  readonly listing: Listing | undefined;
  readonly load?: IndexRequest["load"] | undefined;
}

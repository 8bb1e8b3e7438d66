import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { CallOptions } from "./call-options.ts";
import type { Document } from "./document.ts";
import type { Metadata } from "./metadata.ts";

/** A document exists. It may have changed. */
export interface UpsertChange<M extends Metadata = Metadata> {
  readonly type: "upsert";
  readonly documentId: string;
  readonly scope: string;
  /** Changes whenever the document's content may have changed. */
  readonly version: string;
  /** Reads the document. Resolves with undefined if the document is gone. The indexer skips the call if the
   * version, the scope and the index's configuration are those of the last finished run. The function must
   * also work a second time, and after the reader has left the loop. Thousands of these functions may wait at
   * the same time (10,000 while following), so let them hold keys instead of documents. */
  load(options?: CallOptions): Promise<Document<M> | undefined>;
}

/** A document is gone. */
export interface RemoveChange {
  readonly type: "remove";
  readonly documentId: string;
  readonly scope: string;
}

/**
 * A document exists but cannot be read. Its points are kept, and the failure is reported. A document that
 * came from another scope is removed as soon as a complete listing of that scope no longer shows it. If the
 * error is `retryable`, the scope's checkpoint waits until the source shows the document again.
 */
export interface UnreadableChange {
  readonly type: "unreadable";
  readonly documentId: string;
  readonly scope: string;
  readonly error: BinnacleError;
}

/** A scope's listing starts, is complete, or fails. Only a complete listing lets the indexer delete the
 * documents that the listing did not show. */
export interface ListingChange {
  readonly type: "listing";
  readonly scope: string;
  readonly state: "started" | "complete" | "aborted";
  /** Why the listing failed. */
  readonly error?: BinnacleError | undefined;
}

/** A point from which the source can resume the scope, once everything before it is indexed. */
export interface CheckpointChange {
  readonly type: "checkpoint";
  readonly scope: string;
  /** The next run passes it to {@link DocumentSource.changes}. */
  readonly resume: string;
}

/** The scope is healthy, and the source has reported every change in it until `asOf`. It also ends a
 * {@link DegradedChange}. */
export interface CurrentChange {
  readonly type: "current";
  readonly scope: string;
  /** Epoch milliseconds. */
  readonly asOf: number;
}

/** The source has a problem with a scope, so the scope's documents may be stale. */
export interface DegradedChange {
  readonly type: "degraded";
  readonly scope: string;
  readonly error: BinnacleError;
}

/**
 * All scopes that the source has now. The indexer removes the documents of every other scope, unless that is
 * a mass deletion (see `IndexerOptions.allowMassDelete` of `@binnacle/retriever`). A source that lists
 * its documents sends this change in every run before its first listing is complete, even if it resumes. It
 * sends it again when the scopes change.
 */
export interface ScopesChange {
  readonly type: "scopes";
  readonly scopes: readonly string[];
}

/** The source has positive proof that the scope is gone, such as a 404. The indexer removes the scope's
 * documents without the guard against mass deletions. */
export interface RemovedScopeChange {
  readonly type: "removed";
  readonly scope: string;
}

/** One message of a source. This union may grow: a reader ignores and reports a change whose `type` it does
 * not know. */
export type SourceChange<M extends Metadata = Metadata> =
  | UpsertChange<M>
  | RemoveChange
  | UnreadableChange
  | ListingChange
  | CheckpointChange
  | CurrentChange
  | DegradedChange
  | ScopesChange
  | RemovedScopeChange;

/** Options of {@link DocumentSource.changes}. */
export interface ChangesOptions extends CallOptions {
  /** False: end after the complete listing. True: continue with live changes until the signal fires. */
  readonly follow: boolean;
  /** The last recorded checkpoint of each scope. A scope without a checkpoint must be listed, any other may
   * be listed.
   * @default none */
  readonly resume?: ReadonlyMap<string, string> | undefined;
}

/** Produces documents and their changes. */
export interface DocumentSource<M extends Metadata = Metadata> {
  /** Stable name, which is part of every point's id. Never empty. */
  readonly id: string;
  /** Yields the changes at the reader's speed. Changes of one scope are in order. Different scopes may
   * interleave in any order. Leaving the loop releases what the loop holds, but `load` still works
   * afterwards. */
  changes(options: ChangesOptions): AsyncIterable<SourceChange<M>>;
  /** Releases what outlives the loops, such as connections that `load` uses. A second call does nothing.
   * `changes` and `load` reject with code `closed` afterwards. A source that holds nothing needs no
   * `close`. */
  close?(): Promise<void>;
}

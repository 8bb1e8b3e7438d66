import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { CallOptions } from "./call-options.ts";
import type { Document } from "./document.ts";
import type { Metadata } from "./metadata.ts";

/** A document is there, maybe changed. */
export interface UpsertChange<M extends Metadata = Metadata> {
  readonly type: "upsert";
  readonly documentId: string;
  readonly scope: string;
  /** Changes whenever the document's content may have changed. */
  readonly version: string;
  /** Reads the document. Called only when the version differs from the recorded one; undefined if it is gone by now.
   * It works after the reader has left the changes, and more than once. The indexer keeps at most 10,000 of these
   * functions until their documents are applied, so let them hold keys and not documents. */
  load(options?: CallOptions): Promise<Document<M> | undefined>;
}

/** A document is gone. */
export interface RemoveChange {
  readonly type: "remove";
  readonly documentId: string;
  readonly scope: string;
}

/** A document is there but cannot be read. Its points are kept and the failure is reported. If the error is `retryable`,
 * the scope's checkpoint waits until the source shows the document again. */
export interface UnreadableChange {
  readonly type: "unreadable";
  readonly documentId: string;
  readonly scope: string;
  readonly error: BinnacleError;
}

/** A scope's listing begins, is complete, or broke off. Only a complete listing lets the indexer delete what it did not
 * show. */
export interface ListingChange {
  readonly type: "listing";
  readonly scope: string;
  readonly state: "started" | "complete" | "aborted";
  /** Why it broke off. */
  readonly error?: BinnacleError | undefined;
}

/** Everything that was said of the scope before this point may be forgotten once it is indexed. */
export interface CheckpointChange {
  readonly type: "checkpoint";
  readonly scope: string;
  /** The next run passes it to {@link DocumentSource.changes}. */
  readonly resume: string;
}

/** The scope works as it should, and everything that happened in it until `asOf` was said. It also ends a
 * {@link DegradedChange}. */
export interface CurrentChange {
  readonly type: "current";
  readonly scope: string;
  /** Epoch milliseconds. */
  readonly asOf: number;
}

/** A scope works less well than it should: its documents may be stale. */
export interface DegradedChange {
  readonly type: "degraded";
  readonly scope: string;
  readonly error: BinnacleError;
}

/**
 * All scopes that the source has now. Documents of every other scope are removed, unless that is a mass deletion
 * ({@link IndexerOptions.allowMassDelete} of `@binnacle/retriever`). A source that lists says this in every run before
 * its first listing is complete, also if it resumes, and again when the scopes change.
 */
export interface ScopesChange {
  readonly type: "scopes";
  readonly scopes: readonly string[];
}

/** The source has positive proof that the scope is gone, such as a 404 for it: its documents are removed unasked. */
export interface RemovedScopeChange {
  readonly type: "removed";
  readonly scope: string;
}

/** One thing a source has to say. New types may be added: a reader ignores a change whose `type` it does not know, and
 * reports that it did. */
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
  /** False: end after the complete listing. True: go on with live changes until the signal fires. */
  readonly follow: boolean;
  /** The last recorded checkpoint of each scope. A scope without one must be listed; a scope with one may be listed. */
  readonly resume?: ReadonlyMap<string, string> | undefined;
}

/** Where documents come from. */
export interface DocumentSource<M extends Metadata = Metadata> {
  /** Stable name; part of every point's id. Never empty. */
  readonly id: string;
  /** The changes, pulled as fast as the reader can take them. Changes of one scope are in order; different scopes may
   * interleave in any order. Leaving the loop releases what the loop holds; `load` still works afterwards. */
  changes(options: ChangesOptions): AsyncIterable<SourceChange<M>>;
  /** Releases what outlives the loops, such as connections that `load` uses; a source that holds nothing leaves it out.
   * Calling it again does nothing. `changes` and `load` then reject with code `closed`. */
  close?(): Promise<void>;
}

import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { CallOptions } from "./call-options.ts";
import type { Document } from "./document.ts";
import type { Metadata } from "./metadata.ts";

/** A document is there, maybe changed. */
export interface UpsertChange<M extends Metadata = Metadata> {
  readonly type: "upsert";
  readonly documentId: string;
  readonly scope: string;
  /** Another one whenever the document's content could be. */
  readonly version: string;
  /** Reads the document. Called only when the version differs from the recorded one; undefined if it is gone by now. */
  load(options?: CallOptions): Promise<Document<M> | undefined>;
}

/** A document is gone. */
export interface RemoveChange {
  readonly type: "remove";
  readonly documentId: string;
  readonly scope: string;
}

/** A document is there but cannot be read: what is indexed of it is kept, and the failure reported. */
export interface UnreadableChange {
  readonly type: "unreadable";
  readonly documentId: string;
  readonly scope: string;
  readonly error: BinnacleError;
}

/** A scope's listing begins, is whole, or broke off. Only a whole one lets the indexer delete what it did not show. */
export interface ListingChange {
  readonly type: "listing";
  readonly scope: string;
  readonly state: "started" | "complete" | "aborted";
  /** Why it broke off. */
  readonly error?: BinnacleError | undefined;
}

/** Everything before this point may be forgotten once it is indexed. */
export interface CheckpointChange {
  readonly type: "checkpoint";
  /** Handed back to {@link DocumentSource.changes} by the next run. */
  readonly resume: string;
}

/** A scope works less well than it should: its documents may be stale. */
export interface DegradedChange {
  readonly type: "degraded";
  readonly scope: string;
  readonly error: BinnacleError;
}

/** One thing a source has to say. */
export type SourceChange<M extends Metadata = Metadata> =
  UpsertChange<M> | RemoveChange | UnreadableChange | ListingChange | CheckpointChange | DegradedChange;

/** Options of {@link DocumentSource.changes}. */
export interface ChangesOptions extends CallOptions {
  /** False: end after the complete listing. True: go on with live changes until the signal fires. */
  readonly follow: boolean;
  /** The last checkpoint that was recorded. */
  readonly resume?: string | undefined;
}

/** Where documents come from. */
export interface DocumentSource<M extends Metadata = Metadata> {
  /** Stable name; part of every point's id. Never empty. */
  readonly id: string;
  /** The changes in order, pulled as fast as the reader can take them. Leaving the loop releases everything. */
  changes(options: ChangesOptions): AsyncIterable<SourceChange<M>>;
}

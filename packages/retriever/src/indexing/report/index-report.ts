/** Why a document is not indexed as the source has it. What was indexed of it before is kept. */
export interface IndexFailure {
  readonly documentId: string;
  /** The `code` of the error; `unexpected_error` where something else was thrown. */
  readonly code: string;
  readonly message: string;
}

/** A scope whose listing did not come to its end, so that nothing of it was deleted. */
export interface IncompleteListing {
  readonly scope: string;
  readonly code: string;
  readonly message: string;
  /** With code `mass_delete_refused`: how many documents were to be removed, and of how many. */
  readonly massDelete?: { readonly documents: number; readonly known: number } | undefined;
}

/** A scope that works less well than it should when the run ends: its documents may be stale. */
export interface DegradedScope {
  /** Empty: the source as a whole. */
  readonly scope: string;
  readonly code: string;
  readonly message: string;
}

/** A scope that is gone, with its documents. */
export interface RemovedScope {
  readonly scope: string;
  readonly documents: number;
}

/** What one run did, or with `plan` would do. */
export interface IndexReport {
  /** `+12 ~3 -5 documents, 41 embeddings, 0 failures` */
  readonly summary: string;
  /** Documents the source showed or took away. `changed`: another text, another metadata, or points that had to be mended. */
  readonly documents: {
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
    readonly unchanged: number;
    readonly failed: number;
  };
  /** Chunks by what happened to them. `moved`: written without embedding, because only what surrounds the text changed. */
  readonly chunks: {
    readonly added: number;
    readonly moved: number;
    readonly removed: number;
    readonly unchanged: number;
  };
  /** Texts that the embedder was given; equal texts count once. */
  readonly embeddings: number;
  /** Points put or patched. */
  readonly pointsWritten: number;
  readonly pointsDeleted: number;
  readonly durationMs: number;
  /** At most 1 000; `documents.failed` counts all. */
  readonly failures: readonly IndexFailure[];
  readonly incomplete: readonly IncompleteListing[];
  readonly degraded: readonly DegradedScope[];
  /** Scopes whose documents were removed because the source no longer has them; at most 1 000. */
  readonly removedScopes: readonly RemovedScope[];
  /** Returns the report if every document is indexed and every listing is complete. Else it throws a `SyncError` with the
   * report and code `documents_failed` or `listing_incomplete`. */
  throwIfFailed(): IndexReport;
}

/** How far a run is. */
export interface IndexProgress {
  /** `waiting`: another indexer, or another run of this one, holds the source. `reconciling`: comparing the store with the
   * manifest. `indexing`: until every scope that the source has spoken of was resumed, or listed as far as it could be.
   * `following`: from then on. */
  readonly phase: "waiting" | "reconciling" | "indexing" | "following";
  /** Documents the source has shown so far. */
  readonly documentsSeen: number;
  /** Those of them that are up to date, removed, or reported as failed. */
  readonly documentsDone: number;
  readonly documentsFailed: number;
  /** Chunks of the documents done. */
  readonly chunks: number;
  readonly embeddings: number;
  readonly pointsWritten: number;
  readonly pointsDeleted: number;
  /** The scope that just began to work less well than it should, and why. Empty scope: the indexer itself. */
  readonly degraded?: { readonly scope: string; readonly code: string; readonly message: string } | undefined;
}

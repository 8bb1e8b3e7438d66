/** A document that is not indexed as the source has it. Its earlier points are kept. */
export interface IndexFailure {
  readonly documentId: string;
  /** The `code` of the error, or `unexpected_error` if it is no `BinnacleError`. */
  readonly code: string;
  readonly message: string;
  /**
   * True if an earlier run has reported the same failure of the document, which most likely stays until the
   * document changes.
   * @default the failure is new
   */
  readonly known?: true | undefined;
}

/** A scope whose listing was not complete or was refused, so that it lost no document. */
export interface IncompleteListing {
  readonly scope: string;
  readonly code: string;
  readonly message: string;
  /** With code `mass_delete_refused`: the number of documents to remove, and of all documents. */
  readonly massDelete?: { readonly documents: number; readonly known: number } | undefined;
}

/** A scope that is degraded when the run ends, so its documents may be stale. */
export interface DegradedScope {
  /** Empty: the whole source. */
  readonly scope: string;
  readonly code: string;
  readonly message: string;
}

/** A scope that is gone together with its documents. */
export interface RemovedScope {
  readonly scope: string;
  readonly documents: number;
}

/** The result of a run, or the expected result of `plan`. */
export interface IndexReport {
  /** `+12 ~3 -5 documents, 41 embeddings, 0 failures` */
  readonly summary: string;
  /**
   * Documents that the source showed or removed. `changed`: the text or the metadata changed, or points had
   * to be repaired.
   */
  readonly documents: {
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
    readonly unchanged: number;
    readonly failed: number;
  };
  /**
   * The chunks of these documents. `moved`: written without embedding, because only data around the text
   * changed.
   */
  readonly chunks: {
    readonly added: number;
    readonly moved: number;
    readonly removed: number;
    readonly unchanged: number;
  };
  /** Number of texts that were embedded. Equal texts count once. */
  readonly embeddings: number;
  /** Number of points that were put or patched. */
  readonly pointsWritten: number;
  readonly pointsDeleted: number;
  readonly durationMs: number;
  /** At most 1,000. `documents.failed` counts all. */
  readonly failures: readonly IndexFailure[];
  readonly incomplete: readonly IncompleteListing[];
  readonly degraded: readonly DegradedScope[];
  /** Scopes whose documents were removed because the source no longer has the scope. At most 1,000. */
  readonly removedScopes: readonly RemovedScope[];
  /**
   * Returns the report if every document is indexed and every listing is complete. Otherwise throws a
   * `SyncError` with the report and the code `documents_failed` or `listing_incomplete`.
   */
  throwIfFailed(): IndexReport;
}

/** The progress of a run. */
export interface IndexProgress {
  /**
   * `waiting`: another indexer, or another run of this indexer, holds the source. `reconciling`: the store is
   * compared with the manifest. `indexing`: a scope of the source is neither resumed nor listed yet.
   * `following`: every scope was resumed, or listed as far as possible.
   */
  readonly phase: "waiting" | "reconciling" | "indexing" | "following";
  /** Number of documents that the source has shown so far. */
  readonly documentsSeen: number;
  /** Number of these documents that are up to date, removed or reported as failed. */
  readonly documentsDone: number;
  readonly documentsFailed: number;
  /** Number of chunks of the finished documents. */
  readonly chunks: number;
  readonly embeddings: number;
  readonly pointsWritten: number;
  readonly pointsDeleted: number;
  /** The scope that has just become degraded, and why. Empty scope: the indexer itself. */
  readonly degraded?: { readonly scope: string; readonly code: string; readonly message: string } | undefined;
}

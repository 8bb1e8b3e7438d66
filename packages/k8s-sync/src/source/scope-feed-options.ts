import type { CallOptions, Document } from "@binnacle/core";
import type { ChangeQueue } from "../queue/change-queue.ts";
import type { FoldedObjects } from "./folded-objects.ts";
import type { ObjectDocuments, ObjectReference } from "./object-documents.ts";
import type { ClusterScope } from "./scopes.ts";

/** Options of a `ScopeFeed`. */
export interface ScopeFeedOptions {
  readonly scope: ClusterScope;
  readonly clusterUid: string;
  readonly queue: ChangeQueue;
  readonly documents: ObjectDocuments;
  readonly folds: FoldedObjects;
  readonly now: () => number;
  /** Reads a document for the indexer, also after the run. */
  readonly load: (reference: ObjectReference, options?: CallOptions) => Promise<Document | undefined>;
  /** Called for each object that is new, has changed or is gone. */
  readonly onObject: (scope: ClusterScope) => void;
}

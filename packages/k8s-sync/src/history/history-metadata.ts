import type { MetadataFields } from "@binnacle/core";

/** The metadata of an object's history. */
export type HistoryMetadata = {
  readonly cluster: string;
  /** Missing for an object of the whole cluster. */
  readonly namespace?: string | undefined;
  readonly kind: string;
  /** The type, such as `deployments.apps`. */
  readonly resource: string;
  readonly name: string;
  /** See `objectKey`. */
  readonly key: string;
  /** Id of the object's document. */
  readonly objectId: string;
  /** Scope of the object's document. */
  readonly scope: string;
  /** The newest change. */
  readonly change: string;
  /** Time of the newest change. */
  readonly changedAt: string;
};

/** The fields of {@link HistoryMetadata} that filters may name. Pass them to `defineIndex`. */
export const historyFields: MetadataFields<HistoryMetadata> = {
  cluster: "keyword",
  namespace: "keyword",
  kind: "keyword",
  resource: "keyword",
  name: "keyword",
  key: "keyword",
  objectId: "keyword",
  change: "keyword",
  changedAt: "datetime",
};

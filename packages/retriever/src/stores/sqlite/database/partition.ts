import type { ResolvedSpec } from "@binnacle/core/stores";

/** A collection as the current transaction sees it. */
export interface CollectionRow {
  /** Row id, which is never reused for another collection. */
  readonly key: number;
  readonly spec: ResolvedSpec;
  readonly incarnation: string;
}

/** The part of a collection that a handle may see, as the current transaction sees it. */
export interface Partition {
  readonly collection: CollectionRow;
  /** Empty for a collection without tenants. */
  readonly tenant: string;
  /** Number of calls that have changed it. */
  readonly sequence: number;
  /** Random value of the last of these calls. Empty before the first. */
  readonly nonce: string;
  /** Removals up to this sequence are no longer recorded. */
  readonly forgotten: number;
  /** Sequence and nonce of the last unfenced call. Empty before the first. */
  readonly unfenced: string;
}

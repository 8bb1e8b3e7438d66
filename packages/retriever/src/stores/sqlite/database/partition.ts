import type { ResolvedSpec } from "@binnacle/core/stores";

/** A collection as the current transaction sees it. */
export interface CollectionRow {
  /** Row id; never used again for another collection. */
  readonly key: number;
  readonly spec: ResolvedSpec;
  readonly incarnation: string;
}

/** The part of a collection that a handle may see, as the current transaction sees it. */
export interface Partition {
  readonly collection: CollectionRow;
  /** "" where there is none. */
  readonly tenant: string;
  /** Calls so far that changed it. */
  readonly sequence: number;
  /** Drawn by the last of these calls; "" before the first. */
  readonly nonce: string;
  /** Removals up to this sequence are no longer on record. */
  readonly forgotten: number;
  /** Sequence and nonce of the last of these calls that had no fence; "" before the first. */
  readonly unfenced: string;
}

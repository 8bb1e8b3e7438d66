import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { CallOptions } from "./call-options.ts";
import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";
import type { Hit, SearchQuery } from "./search.ts";
import type { SparseVector } from "./sparse-encoder.ts";
import type { StoredChunk } from "./stored-chunk.ts";

/** The fields of every write. */
interface Conditional {
  /** A UUID in lower case, see `pointId` in `@binnacle/core/kit`. */
  readonly id: string;
  /** The write applies only if this is the point's {@link StoredPoint.version}; 0 means "only if there is no such point".
   * A conflict may also be reported for a write that was applied and replaced before the store could confirm it. */
  readonly ifVersion?: number | undefined;
}

/** Puts a whole point in place of any point with its id. */
export interface Upsert<M extends Metadata = Metadata> extends Conditional {
  readonly type: "upsert";
  /** Its strings must be well-formed Unicode: no store and no wire keeps half of a surrogate pair. */
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** Required if the collection has a dense space, refused if it has none. */
  readonly dense?: Float32Array | undefined;
  /** Required if the collection has a sparse encoder, refused if it has none; may be empty. */
  readonly sparse?: SparseVector | undefined;
}

/** Changes fields of a point and leaves its vectors alone. */
export interface Patch<M extends Metadata = Metadata> extends Conditional {
  readonly type: "patch";
  /** Fields to replace; `contentHash`, `spaceId` and `encoderId` cannot be patched, because vectors depend on them. */
  readonly chunk?: Partial<Omit<StoredChunk, "contentHash" | "spaceId" | "encoderId">> | undefined;
  /** Replaces the whole metadata if it is given. */
  readonly metadata?: M | undefined;
}

/** Removes a point. Removing a missing point succeeds. */
export interface Delete extends Conditional {
  readonly type: "delete";
}

/** One change to one point. This union can grow; a store reports a type that it does not know as `invalid_write`. */
export type Write<M extends Metadata = Metadata> = Upsert<M> | Patch<M> | Delete;

/** Names the source that a call writes for, so that a writer that lost its lease does not overwrite its successor. A
 * fenced call touches points of that source only. */
export interface Fence {
  readonly sourceId: string;
  /** {@link ManifestSession.token}. The store remembers the highest token per tenant and source. */
  readonly token: number;
}

/** Options of {@link Collection.write}. */
export interface WriteOptions extends CallOptions {
  /** With `fences: "enforced"`, a token below the highest seen rejects the whole call with a `FencedError` before anything
   * is written. An empty batch with a fence only registers the token. See {@link StoreCapabilities.fences}. */
  readonly fence?: Fence | undefined;
}

/** The epochs between which a call wrote: those of its fence's source, or of the collection if it has no fence. */
export interface WriteEpochs {
  /** {@link Collection.epoch} right before the call. */
  readonly before: string;
  /** {@link Collection.epoch} right after the call, as long as no other writer has written since `before`. Once another
   * writer has, `epoch` does not return this value, neither now nor later. */
  readonly after: string;
}

/** The outcome of a batch. */
export interface WriteResult {
  /** Why single writes were not applied, by their position in the batch; empty if all were. Codes: `invalid_write`
   * (neither upsert, patch nor delete), `invalid_id`, `invalid_chunk`, `invalid_vector`, `invalid_metadata`,
   * `wrong_space`, `version_conflict`, `not_found` (patch of a missing point), `store_full`. */
  readonly failures: ReadonlyMap<number, BinnacleError>;
  /** Tells a writer whether another writer wrote since its last call. Missing if the store has no epochs, or if another
   * writer wrote during this call. */
  readonly epochs?: WriteEpochs | undefined;
}

/** Chooses points: all conditions that are given must hold. */
export interface PointSelector<M extends Metadata = Metadata> {
  readonly filter?: Filter<M> | undefined;
  readonly sourceId?: string | undefined;
  readonly documentId?: string | undefined;
  /** {@link StoredChunk.index}. Every document has one chunk with index 0, so 0 counts documents. */
  readonly index?: number | undefined;
}

/** Options of {@link Collection.scan}. */
export interface ScanOptions<M extends Metadata = Metadata> extends CallOptions, PointSelector<M> {
  /** Points read from the store at a time. @default 256 */
  readonly pageSize?: number | undefined;
  /** Read the vectors too. @default false */
  readonly includeVectors?: boolean | undefined;
}

/** Options of {@link Collection.get}. */
export interface GetOptions extends CallOptions {
  /** Read the vectors too. @default false */
  readonly includeVectors?: boolean | undefined;
}

/** Options of {@link Collection.epoch}. */
export interface EpochOptions extends CallOptions {
  /** Asks for the epoch of this source instead of the collection's. */
  readonly sourceId?: string | undefined;
}

/** A point as it is in the store. */
export interface StoredPoint<M extends Metadata = Metadata> {
  readonly id: string;
  /** An etag: a whole number above 0 that changes with every write to the id and never returns. It does not count. */
  readonly version: number;
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** With `includeVectors`: as it was written, up to a relative error of 1e-6 in each number, whatever the metric. */
  readonly dense?: Float32Array | undefined;
  /** With `includeVectors`. */
  readonly sparse?: SparseVector | undefined;
}

/** How common terms are. */
export interface TermStatistics {
  /** Points with a sparse vector, within the collection's `idfScope`. */
  readonly points: number;
  /** One per term, in the order asked. */
  readonly terms: readonly {
    /** The factor of this term in the store's scores, see {@link SparseSpec.idf}; 1 with `idf: "none"`. */
    readonly idf: number;
    /** Points that have the term. Missing if the store cannot count them. */
    readonly containing?: number | undefined;
  }[];
}

/**
 * The points of one collection, or of one tenant in it: a bound handle can neither see nor touch another tenant's
 * points, even if their ids are equal.
 */
export interface Collection<M extends Metadata = Metadata> {
  readonly name: string;
  /**
   * Applies the writes in order. Each write is applied whole or not at all; a bad write is reported by position and the
   * others are applied. When the call resolves, applied writes survive what {@link StoreCapabilities.durability} says.
   * When it rejects, the outcome is unknown: write the same again, which is safe because ids are identities.
   */
  write(batch: readonly Write<M>[], options?: WriteOptions): Promise<WriteResult>;
  /** Deletes the chosen points and returns how many there were right before the deletion. A selector without any
   * condition, an empty filter included, is refused. */
  deleteWhere(selector: PointSelector<M>, options?: WriteOptions): Promise<number>;
  /** The points with these ids, in the order asked; undefined for missing ones. */
  get(ids: readonly string[], options?: GetOptions): Promise<readonly (StoredPoint<M> | undefined)[]>;
  /** Every chosen point once, in an order that writes do not disturb; points written during the scan may or may not
   * appear. */
  scan(options?: ScanOptions<M>): AsyncIterable<StoredPoint<M>>;
  /** How many points there are, exactly. */
  count(selector?: PointSelector<M>, options?: CallOptions): Promise<number>;
  /** Best first, never more than `limit`. */
  search(query: SearchQuery<M>, options?: CallOptions): Promise<readonly Hit<M>[]>;
  /** One result per query, in order. One request if the store can; not a snapshot: writes may fall between queries. */
  searchMany(
    queries: readonly SearchQuery<M>[],
    options?: CallOptions,
  ): Promise<readonly (readonly Hit<M>[])[]>;
  /** Statistics of the terms with these numbers of the sparse encoder, without a search. Rejects with an
   * `UnsupportedError` if {@link StoreCapabilities.sparseStatistics} is `none`, and with a `ConfigurationError` if the
   * collection has no sparse vectors. */
  termStatistics(indices: Uint32Array, options?: CallOptions): Promise<TermStatistics>;
  /**
   * An opaque token for the current state of the handle's points. It changes with every write, including writes by
   * other processes. The epoch of a source changes with every fenced write of that source and with every unfenced
   * write; fenced writes of other sources leave it alone. Undefined if the store has no epochs: then do not cache.
   */
  epoch(options?: EpochOptions): Promise<string | undefined>;
}

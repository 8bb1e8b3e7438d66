import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { CallOptions } from "./call-options.ts";
import type { FacetCount, FacetOptions } from "./facet.ts";
import type { Filter } from "./filter.ts";
import type { GroupOptions, HitGroup } from "./hit-group.ts";
import type { Metadata } from "./metadata.ts";
import type { Hit, SearchQuery } from "./search.ts";
import type { SparseVector } from "./sparse-encoder.ts";
import type { StoredChunk } from "./stored-chunk.ts";

/** Fields of every write. */
interface Conditional {
  /** A lower-case UUID, such as the result of `pointId` in `@binnacle/core/kit`. */
  readonly id: string;
  /** The {@link StoredPoint.version} that the point must have. 0 means that the point must not exist.
   * Otherwise the write fails with `version_conflict`. A conflict is also possible if the write was applied,
   * and then replaced before the store confirmed it. */
  readonly ifVersion?: number | undefined;
}

/** Inserts a point or replaces the whole point with the same id. */
export interface Upsert<M extends Metadata = Metadata> extends Conditional {
  readonly type: "upsert";
  /** The SDK's own fields. Strings must be well-formed Unicode, because no store keeps half of a surrogate
   * pair. */
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** Required if the collection has a dense space, refused otherwise. */
  readonly dense?: Float32Array | undefined;
  /** Required if the collection has a sparse encoder, refused otherwise. May be empty. */
  readonly sparse?: SparseVector | undefined;
}

/** Changes fields of a point and keeps its vectors. */
export interface Patch<M extends Metadata = Metadata> extends Conditional {
  readonly type: "patch";
  /** Fields to replace. `contentHash`, `imageHash`, `spaceId` and `encoderId` cannot be patched, because they
   * describe the vectors. */
  readonly chunk?:
    Partial<Omit<StoredChunk, "contentHash" | "imageHash" | "spaceId" | "encoderId">> | undefined;
  /** Replaces the whole metadata. If undefined, the metadata is kept. */
  readonly metadata?: M | undefined;
}

/** Deletes a point. Deleting a missing point succeeds. */
export interface Delete extends Conditional {
  readonly type: "delete";
}

/** One change to one point. This union may grow: a store reports a type that it does not know as
 * `invalid_write`. */
export type Write<M extends Metadata = Metadata> = Upsert<M> | Patch<M> | Delete;

/** Source and token of a writer, so that a writer that lost its lease cannot overwrite its successor. A
 * fenced call changes only points of that source: a write of another source's point fails with
 * `wrong_source`, and {@link Collection.deleteWhere} leaves out the points of other sources. */
export interface Fence {
  readonly sourceId: string;
  /** {@link ManifestSession.token} of the writer. The store remembers the highest token per tenant and
   * source. */
  readonly token: number;
}

/** Options of {@link Collection.write}. */
export interface WriteOptions extends CallOptions {
  /** Rejects the call with a `FencedError` if its token is below the highest seen, before anything is
   * written. That needs a store with `fences: "enforced"`, see {@link StoreCapabilities.fences}. An empty
   * batch only registers the token.
   * @default none */
  readonly fence?: Fence | undefined;
}

/** The epochs before and after a write. They belong to the fence's source, or to the collection if there is
 * no fence. */
export interface WriteEpochs {
  /** {@link Collection.epoch} immediately before the call. */
  readonly before: string;
  /** {@link Collection.epoch} after the call, until another writer writes. If another writer wrote after
   * `before`, the collection does not have this epoch, neither now nor later. */
  readonly after: string;
}

/** The result of {@link Collection.write}. */
export interface WriteResult {
  /**
   * The error of each write that was not applied, by its position in the batch. Empty if all were applied.
   * The codes are:
   *
   * - `invalid_write`: an unknown type or field, or not an object
   * - `invalid_id`, `invalid_chunk`, `invalid_vector`, `invalid_metadata`, `wrong_space`
   * - `wrong_source`: a fenced write of another source's point
   * - `version_conflict`, `store_full`
   * - `not_found`: a patch of a missing point
   */
  readonly failures: ReadonlyMap<number, BinnacleError>;
  /** The epochs before and after this call, by which a writer detects writes of others. Missing if the store
   * has no epochs, or if another writer wrote during this call. */
  readonly epochs?: WriteEpochs | undefined;
}

/** Selects points that meet all given conditions. */
export interface PointSelector<M extends Metadata = Metadata> {
  readonly filter?: Filter<M> | undefined;
  readonly sourceId?: string | undefined;
  readonly documentId?: string | undefined;
  /** {@link StoredChunk.index} of the points. Each document has one chunk with index 0, so 0 counts
   * documents. */
  readonly index?: number | undefined;
}

/** Options of {@link Collection.scan}. */
export interface ScanOptions<M extends Metadata = Metadata> extends CallOptions, PointSelector<M> {
  /** Points per request to the store, from 1 to 10,000. @default 256 */
  readonly pageSize?: number | undefined;
  /** Read the vectors too. @default false */
  readonly includeVectors?: boolean | undefined;
  /** Yields the points in the order of a field. @default an order that writes do not change */
  readonly orderBy?: ScanOrder<M> | undefined;
}

/**
 * An order of points. Points without the field come last. The smallest element of an array counts, or the
 * largest for `descending`. Equal values are ordered by id, but a bound handle of a store with {@link
 * StoreCapabilities.tieBreak} `none` has another fixed order. A point whose field changes during the scan may
 * appear twice or not at all.
 */
export interface ScanOrder<M extends Metadata = Metadata> {
  /** An `integer`, `float` or `datetime` field. */
  readonly field: Extract<keyof M, string>;
  readonly direction: "ascending" | "descending";
}

/** Options of {@link Collection.get}. */
export interface GetOptions extends CallOptions {
  /** Read the vectors too. @default false */
  readonly includeVectors?: boolean | undefined;
}

/** Options of {@link Collection.epoch}. */
export interface EpochOptions extends CallOptions {
  /** Requests the epoch of this source instead of the collection's. */
  readonly sourceId?: string | undefined;
}

/** A point as the store holds it. */
export interface StoredPoint<M extends Metadata = Metadata> {
  readonly id: string;
  /** The etag: a whole number above 0 that changes with every write. An id never has the same etag twice.
   * Etags have no order. */
  readonly version: number;
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** The vector as it was written, with a relative error of at most 1e-6 per number. Only with
   * `includeVectors`. */
  readonly dense?: Float32Array | undefined;
  /** Only with `includeVectors`. */
  readonly sparse?: SparseVector | undefined;
}

/** The frequency of terms in a collection. */
export interface TermStatistics {
  /** Number of points with a sparse vector, within the collection's `idfScope`. */
  readonly points: number;
  /** One entry per term, in the order of the request. */
  readonly terms: readonly {
    /** The factor of this term in the store's scores, see {@link SparseSpec.idf}. 1 with `idf: "none"`. */
    readonly idf: number;
    /** Number of points that have the term. Missing if the store cannot count them. */
    readonly containing?: number | undefined;
  }[];
}

/**
 * A handle to the points of one collection, or of one tenant in it. A bound handle can neither read nor
 * change another tenant's points, even if their ids are equal.
 */
export interface Collection<M extends Metadata = Metadata> {
  /** The name or alias that the handle was opened with. Each call resolves the alias again. */
  readonly name: string;
  /**
   * Applies the writes in order. Each write is applied whole or not at all. A bad write is reported by
   * position, and the other writes are still applied. After the call resolves, applied writes survive as
   * {@link StoreCapabilities.durability} says. If the call rejects, the outcome is unknown. Then repeat the
   * same batch, which is safe because every write names its id.
   */
  write(batch: readonly Write<M>[], options?: WriteOptions): Promise<WriteResult>;
  /**
   * Deletes the selected points and returns their number. With a fence it deletes only points of the fence's
   * source. Rejects with a `ConfigurationError` if the selector has no condition, or names another source
   * than the fence. An empty filter is not a condition.
   */
  deleteWhere(selector: PointSelector<M>, options?: WriteOptions): Promise<number>;
  /** Returns the points with these ids in the order of `ids`, and undefined for each missing point. */
  get(ids: readonly string[], options?: GetOptions): Promise<readonly (StoredPoint<M> | undefined)[]>;
  /** Yields every selected point once, in an order that writes do not change. Points written during the scan
   * may or may not appear. A scan through an alias stays in the collection in which it began. */
  scan(options?: ScanOptions<M>): AsyncIterable<StoredPoint<M>>;
  /** Returns the exact number of selected points, or of all points without a selector. */
  count(selector?: PointSelector<M>, options?: CallOptions): Promise<number>;
  /** Returns at most `limit` hits, best first. */
  search(query: SearchQuery<M>, options?: CallOptions): Promise<readonly Hit<M>[]>;
  /** Returns one result per query, in order. Sends one request if the store can. Writes may happen between
   * queries. */
  searchMany(
    queries: readonly SearchQuery<M>[],
    options?: CallOptions,
  ): Promise<readonly (readonly Hit<M>[])[]>;
  /** Returns the best hits of each value of a field, best group first. `query.limit` is the number of groups,
   * and `query.offset` the number of groups to skip. Rejects with an `UnsupportedError` if the store does not
   * have feature `groups`. A driver may omit the method. */
  searchGroups?(query: SearchQuery<M>, options: GroupOptions<M>): Promise<readonly HitGroup<M>[]>;
  /**
   * Returns the most frequent values of a field with the exact number of points that have each value. Rejects
   * with an `UnsupportedError` if the store does not have feature `facet`. A driver may omit the method.
   */
  facet?(field: Extract<keyof M, string>, options?: FacetOptions<M>): Promise<readonly FacetCount[]>;
  /** Returns the statistics of terms, given by their {@link SparseVector.indices}. Rejects with an
   * `UnsupportedError` if {@link StoreCapabilities.sparseStatistics} is `none`, and with a
   * `ConfigurationError` if the collection has no sparse vectors. Writes may happen between many terms. */
  termStatistics(indices: Uint32Array, options?: CallOptions): Promise<TermStatistics>;
  /**
   * Returns an opaque token for the current state of the handle's points. It changes with every write,
   * including writes by other processes. The epoch of a source changes with each fenced write of that source
   * and each unfenced write, but not with fenced writes of other sources. Undefined if the store has no
   * epochs; do not cache results then.
   */
  epoch(options?: EpochOptions): Promise<string | undefined>;
}

/** A handle with every method. Every store of the SDK returns complete handles. */
export type CompleteCollection<M extends Metadata = Metadata> = Collection<M> &
  Required<Pick<Collection<M>, "searchGroups" | "facet">>;

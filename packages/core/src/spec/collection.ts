import type { BinnacleError } from "../errors/binnacle-error.ts";
import type { CallOptions } from "./call-options.ts";
import type { Filter } from "./filter.ts";
import type { Metadata } from "./metadata.ts";
import type { Hit, SearchQuery } from "./search.ts";
import type { SparseVector } from "./sparse-encoder.ts";
import type { StoredChunk } from "./stored-chunk.ts";

/** Applies only if the point's version is this one; 0 means "only if there is no such point". */
interface Conditional {
  /** A UUID in lower case, see `pointId` in `@binnacle/core/kit`. */
  readonly id: string;
  readonly ifVersion?: number | undefined;
}

/** Puts a whole point in place of whatever was there. */
export interface Upsert<M extends Metadata = Metadata> extends Conditional {
  readonly type: "upsert";
  /** Its strings must be well-formed Unicode: no store and no wire keeps half of a surrogate pair. */
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** Required exactly where the collection has a dense space. */
  readonly dense?: Float32Array | undefined;
  /** Required exactly where the collection has a sparse encoder; may be empty. */
  readonly sparse?: SparseVector | undefined;
}

/** Changes fields of a point and leaves its vectors alone. */
export interface Patch<M extends Metadata = Metadata> extends Conditional {
  readonly type: "patch";
  /** Fields to replace; `contentHash`, `spaceId` and `encoderId` cannot be patched, because vectors depend on them. */
  readonly chunk?: Partial<Omit<StoredChunk, "contentHash" | "spaceId" | "encoderId">> | undefined;
  /** Replaces the whole metadata where given. */
  readonly metadata?: M | undefined;
}

/** Removes a point. Removing one that is not there succeeds. */
export interface Delete extends Conditional {
  readonly type: "delete";
}

/** One change to one point. */
export type Write<M extends Metadata = Metadata> = Upsert<M> | Patch<M> | Delete;

/** Says who writes for a source, so that a writer that lost its lease cannot overwrite its successor. */
export interface Fence {
  readonly sourceId: string;
  /** {@link ManifestSession.token}. The store remembers the highest it saw per tenant and source. */
  readonly token: number;
}

/** Options of {@link Collection.write}. */
export interface WriteOptions extends CallOptions {
  /** A token below the highest seen rejects the whole call with a `FencedError`, before anything is written. An empty
   * batch with a fence only registers the token. A store without `fencedWrites` refuses it with `UnsupportedError`. */
  readonly fence?: Fence | undefined;
}

/** The states of a collection between which a call wrote. */
export interface WriteEpochs {
  readonly before: string;
  readonly after: string;
}

/** What became of a batch. */
export interface WriteResult {
  /** Why single writes were not applied, by their position in the batch; empty when all were. Codes: `invalid_write`
   * (neither upsert, patch nor delete), `invalid_id`, `invalid_chunk`, `invalid_vector`, `invalid_metadata`, `wrong_space`, `version_conflict`, `not_found` (patch of a
   * missing point), `store_full`. */
  readonly failures: ReadonlyMap<number, BinnacleError>;
  /** {@link Collection.epoch} right before and right after this call, so that a writer knows whether anybody else wrote
   * since its last call. Missing where the store cannot tell, or where somebody wrote in between. */
  readonly epochs?: WriteEpochs | undefined;
}

/** Which points: all conditions that are given must hold. */
export interface PointSelector<M extends Metadata = Metadata> {
  readonly filter?: Filter<M> | undefined;
  readonly sourceId?: string | undefined;
  readonly documentId?: string | undefined;
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

/** A point as it is in the store. */
export interface StoredPoint<M extends Metadata = Metadata> {
  readonly id: string;
  /** 1 after the first write of this id, one more after each later one; a point that was deleted starts again. */
  readonly version: number;
  readonly chunk: StoredChunk;
  readonly metadata: M;
  /** With `includeVectors`: as it was written, whatever the metric. */
  readonly dense?: Float32Array | undefined;
  /** With `includeVectors`. */
  readonly sparse?: SparseVector | undefined;
}

/**
 * The points of one collection, or of one tenant in it: a bound handle can neither see nor touch another tenant's
 * points, also where their ids are equal.
 */
export interface Collection<M extends Metadata = Metadata> {
  readonly name: string;
  /**
   * Applies the writes in order. Each one is applied whole or not at all; a bad one is reported by position and the
   * others are applied. When it resolves, what was applied survives the death of the process, where the store is
   * durable. When it rejects, nothing is known: write the same again, which is safe because ids are identities.
   */
  write(batch: readonly Write<M>[], options?: WriteOptions): Promise<WriteResult>;
  /** Deletes what the selector chooses and says how many that were. A selector without any condition, an empty
   * filter included, is refused. */
  deleteWhere(selector: PointSelector<M>, options?: WriteOptions): Promise<number>;
  /** The points with these ids, in the order asked; undefined for those that are not there. */
  get(ids: readonly string[], options?: GetOptions): Promise<readonly (StoredPoint<M> | undefined)[]>;
  /** Every chosen point once, ordered by id; points written during the scan may or may not appear. */
  scan(options?: ScanOptions<M>): AsyncIterable<StoredPoint<M>>;
  /** How many points there are, exactly. */
  count(selector?: PointSelector<M>, options?: CallOptions): Promise<number>;
  /** Best first, never more than `limit`. */
  search(query: SearchQuery<M>, options?: CallOptions): Promise<readonly Hit<M>[]>;
  /** One result per query, in order, all read from one state of the collection. */
  searchMany(
    queries: readonly SearchQuery<M>[],
    options?: CallOptions,
  ): Promise<readonly (readonly Hit<M>[])[]>;
  /** An opaque name of the collection's state that is another one after every write, also one by another process.
   * Undefined where it cannot be read: then do not cache. */
  epoch(options?: CallOptions): Promise<string | undefined>;
}

import {
  BinnacleError,
  type CallOptions,
  type Fence,
  type GetOptions,
  type Metadata,
  type ScanOptions,
  type StoredPoint,
  type Write,
} from "@binnacle/core";
import { inBatches } from "@binnacle/core/kit";
import type { PointStore } from "./point-store.ts";

// Small enough for the 32 MiB that Qdrant takes in a request, with vectors as JSON; large enough to be few.
const limits = { maxItems: 256, maxBytes: 4 * 1024 * 1024, bytesOf: writeBytes };

/** The lease under which points are written. */
export interface PointsLease {
  readonly expiresAt: number;
  renew(options?: CallOptions): Promise<void>;
}

/** The parts of {@link FencedPoints}. */
export interface FencedPointsParts {
  readonly points: PointStore;
  /** Undefined if the store takes no fences. */
  readonly fence: Fence | undefined;
  /** Undefined if nothing is really written. */
  readonly lease: PointsLease | undefined;
  readonly call: CallOptions;
}

/**
 * The points of one source while one run may write them. Every write carries the run's fence and returns the
 * epochs before and after it. A write by another process in between is therefore detected.
 */
export class FencedPoints {
  readonly #points: PointStore;
  readonly #fence: Fence | undefined;
  readonly #lease: PointsLease | undefined;
  readonly #call: CallOptions;
  #epoch: string | undefined;
  #isUndisturbed = true;

  constructor({ points, fence, lease, call }: FencedPointsParts) {
    this.#points = points;
    this.#fence = fence;
    this.#lease = lease;
    this.#call = call;
  }

  /**
   * Makes the fence known to the store before anything is read, and returns the epoch. From then on an
   * earlier run can no longer write, so the points that are read stay true.
   */
  async register(): Promise<string | undefined> {
    if (this.#fence !== undefined) await this.#fenced([]);
    this.#epoch = await this.#readEpoch();
    this.#isUndisturbed = true;
    return this.#epoch;
  }

  /** Applies the writes. Returns the error of each refused write, by point id. */
  async write(writes: readonly Write[]): Promise<ReadonlyMap<string, BinnacleError>> {
    const failures = new Map<string, BinnacleError>();
    for (const batch of inBatches(writes, limits)) {
      for (const [position, error] of await this.#fenced(batch)) {
        const id = batch[position]?.id;
        if (id !== undefined) failures.set(id, error);
      }
    }
    return failures;
  }

  /**
   * Returns the epoch to record. Returns undefined if another process wrote during this run, so that the next
   * run compares.
   */
  async settledEpoch(): Promise<string | undefined> {
    const epoch = await this.#readEpoch();
    return this.#isUndisturbed && epoch === this.#epoch ? epoch : undefined;
  }

  /** Makes the next run compare, because a refused write is in no entry. */
  doubt(): void {
    this.#isUndisturbed = false;
  }

  /** Returns the points that exist, by id. */
  async get(ids: readonly string[], options: GetOptions = {}): Promise<ReadonlyMap<string, StoredPoint>> {
    const found = new Map<string, StoredPoint>();
    for (const batch of inBatches(ids, { maxItems: 256 })) {
      for (const point of await this.#points.get(batch, { ...this.#call, ...options })) {
        if (point !== undefined) found.set(point.id, point);
      }
    }
    return found;
  }

  scan(options: ScanOptions): AsyncIterable<StoredPoint> {
    return this.#points.scan({ ...this.#call, ...options });
  }

  /** Returns the source's epoch if writes are fenced, and the collection's otherwise, as writes do. */
  #readEpoch(): Promise<string | undefined> {
    return this.#points.epoch({ ...this.#call, sourceId: this.#fence?.sourceId });
  }

  /**
   * Returns the time from which another session may hold the lease, so that no write may be applied later. An
   * expired lease is renewed first, for example after the process slept.
   */
  async #deadlineAt(): Promise<number | undefined> {
    if (this.#lease === undefined) return this.#call.deadlineAt;
    if (this.#lease.expiresAt <= Date.now()) await this.#lease.renew(this.#call);
    return Math.min(this.#lease.expiresAt, this.#call.deadlineAt ?? Infinity);
  }

  async #fenced(batch: readonly Write<Metadata>[]): Promise<ReadonlyMap<number, BinnacleError>> {
    try {
      const { failures, epochs } = await this.#points.write(batch, {
        ...this.#call,
        deadlineAt: await this.#deadlineAt(),
        fence: this.#fence,
      });
      if (epochs === undefined || epochs.before !== this.#epoch) this.#isUndisturbed = false;
      this.#epoch = epochs?.after;
      return failures;
    } catch (error) {
      if (!BinnacleError.isInstance(error) || error.code !== "fenced") throw error;
      throw new BinnacleError(
        "lease_lost",
        `another indexer has taken over source "${this.#fence?.sourceId}"; nothing was written over it; run again when it is done`,
        { cause: error, retryable: true },
      );
    }
  }
}

function writeBytes(write: Write): number {
  if (write.type !== "upsert") return 256;
  const { text, context } = write.chunk;
  return (
    512 +
    2 * (text.length + context.length) +
    4 * (write.dense?.length ?? 0) +
    8 * (write.sparse?.indices.length ?? 0)
  );
}

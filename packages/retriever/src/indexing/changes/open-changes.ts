import type { IndexRequest, Removal, ShownDocument } from "../run/index-request.ts";
import { scopesOf, type RetryQueue } from "../run/retry-queue.ts";
import type { PendingChanges } from "./pending-changes.ts";
import type { VectorLane } from "../lane/vector-lane.ts";

/** All changes of documents that are not applied yet, wherever they wait. */
export class OpenChanges {
  readonly #pending: PendingChanges;
  readonly #lane: VectorLane;
  readonly #retries: RetryQueue;

  constructor(pending: PendingChanges, lane: VectorLane, retries: RetryQueue) {
    this.#pending = pending;
    this.#lane = lane;
    this.#retries = retries;
  }

  /** True if a change of the document is pending or in the lane. */
  has(documentId: string): boolean {
    return this.#pending.has(documentId) || this.#lane.has(documentId);
  }

  /** Number of documents with open changes. */
  get documents(): number {
    return new Set(Array.from(this.#all(), ({ documentId }) => documentId)).size;
  }

  /** The scopes of the open changes. */
  get scopes(): ReadonlySet<string> {
    return new Set(Array.from(this.#all(), scopesOf).flat());
  }

  /** When the oldest open change arrived, epoch milliseconds. `Infinity` without open changes. */
  get oldestSaidAt(): number {
    let oldest = Infinity;
    for (const { saidAt } of this.#all()) oldest = Math.min(oldest, saidAt);
    return oldest;
  }

  /** Returns a function that gives the order of a scope's first open change, or `Infinity`. */
  since(): (scope: string) => number {
    const byScope = new Map(this.#retries.lost);
    let anywhere = Infinity;
    for (const change of this.#all()) {
      const { order } = change;
      const scopes = scopesOf(change);
      if (scopes.length === 0) anywhere = Math.min(anywhere, order);
      for (const scope of scopes) byScope.set(scope, Math.min(order, byScope.get(scope) ?? Infinity));
    }
    return (scope) => Math.min(anywhere, byScope.get(scope) ?? Infinity);
  }

  *#all(): Iterable<IndexRequest | Removal | ShownDocument> {
    yield* this.#pending.all;
    yield* this.#lane.requests;
    yield* this.#retries.requests;
  }
}

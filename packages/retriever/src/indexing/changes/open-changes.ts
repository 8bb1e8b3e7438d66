import type { IndexRequest, Removal, ShownDocument } from "../run/index-request.ts";
import { scopesOf, type RetryQueue } from "../run/retry-queue.ts";
import type { PendingChanges } from "./pending-changes.ts";
import type { VectorLane } from "../lane/vector-lane.ts";

/** Everything that the source said of documents and that is not applied yet, wherever it waits. */
export class OpenChanges {
  readonly #pending: PendingChanges;
  readonly #lane: VectorLane;
  readonly #retries: RetryQueue;

  constructor(pending: PendingChanges, lane: VectorLane, retries: RetryQueue) {
    this.#pending = pending;
    this.#lane = lane;
    this.#retries = retries;
  }

  /** True if something is said of the document that is about to be applied. */
  has(documentId: string): boolean {
    return this.#pending.has(documentId) || this.#lane.has(documentId);
  }

  /** How many documents they are about. */
  get documents(): number {
    return new Set(Array.from(this.#all(), ({ documentId }) => documentId)).size;
  }

  /** The scopes that they belong to. */
  get scopes(): ReadonlySet<string> {
    return new Set(Array.from(this.#all(), scopesOf).flat());
  }

  /** When the oldest of them was said, epoch milliseconds; `Infinity` if nothing is due. */
  get oldestSaidAt(): number {
    let oldest = Infinity;
    for (const { saidAt } of this.#all()) oldest = Math.min(oldest, saidAt);
    return oldest;
  }

  /** Tells of a scope the order of the first of them, or `Infinity`. */
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

import type { Removal, ShownDocument } from "./index-request.ts";

// What a source of any size may lose at once and have tried again; the rest waits for the scope's next listing.
const maxRequests = 10_000;

/**
 * Documents that could not be indexed or removed for a reason that may pass. Each holds back the checkpoints of its scope
 * that were said after it. Holds ids and load functions, at most {@link maxRequests}; of further failures only the scope.
 */
export class RetryQueue {
  readonly #requests: Map<string, ShownDocument | Removal> = new Map();
  /** Order of the first failure that found no room, by scope. */
  readonly #lost: Map<string, number> = new Map();
  #since = Infinity;

  /** Every document that waits. */
  get requests(): Iterable<ShownDocument | Removal> {
    return this.#requests.values();
  }

  /** Failures that are not tried again before their scope is listed, as the order of the first one by scope. */
  get lost(): ReadonlyMap<string, number> {
    return this.#lost;
  }

  /** When the oldest failure is due again; `Infinity` if nothing is due. */
  dueAt(retryMs: number): number {
    return this.#since + retryMs;
  }

  /** Queues a request in place of any other of that document. */
  add(request: ShownDocument | Removal): void {
    this.forget(request.documentId);
    if (canRetry(request) && this.#since === Infinity) this.#since = Date.now();
    if (this.#requests.size < maxRequests) {
      this.#requests.set(request.documentId, request);
      return;
    }
    for (const scope of scopesOf(request))
      this.#lost.set(scope, Math.min(request.order, this.#lost.get(scope) ?? Infinity));
  }

  /** The scope in which a document was shown that waits to be indexed. */
  scopeOf(documentId: string): string | undefined {
    const request = this.#requests.get(documentId);
    return request !== undefined && "scope" in request ? request.scope : undefined;
  }

  /** The document no longer waits: it is up to date, gone, failed for good, or was said anew. */
  forget(documentId: string): void {
    this.#requests.delete(documentId);
    if (this.#requests.size === 0) this.#since = Infinity;
  }

  /** A new listing of the scope shows everything again. */
  startListing(scope: string): void {
    this.#lost.delete(scope);
  }

  /** Takes out what can be tried now. A document that the source could not read stays until the source shows it again. */
  take(): readonly (ShownDocument | Removal)[] {
    const requests = [...this.#requests.values()].filter(canRetry);
    for (const { documentId } of requests) this.#requests.delete(documentId);
    this.#since = Infinity;
    return requests;
  }
}

function canRetry(request: ShownDocument | Removal): boolean {
  return "scopes" in request || request.load !== undefined;
}

/** The scopes that a request belongs to. Empty if they are not known. */
export function scopesOf(request: ShownDocument | Removal): readonly string[] {
  return "scope" in request ? [request.scope] : (request.scopes ?? []);
}

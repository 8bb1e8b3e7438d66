import type { Removal, ShownDocument } from "./index-request.ts";

// This many failed documents are tried again. Further failures wait for the next listing of their scope.
const maxRequests = 10_000;

/**
 * Documents that could not be indexed or removed for a reason that may pass. Each holds back later
 * checkpoints of its scope. The queue holds ids and load functions of at most 10,000 documents, and only the
 * scopes of further failures.
 */
export class RetryQueue {
  readonly #requests: Map<string, ShownDocument | Removal> = new Map();
  /** Order of the first failure that found no room, by scope. */
  readonly #lost: Map<string, number> = new Map();
  #since = Infinity;

  /** The requests of all documents that wait. */
  get requests(): Iterable<ShownDocument | Removal> {
    return this.#requests.values();
  }

  /**
   * For each scope, the order of the first failure that had no room. These documents wait for the next
   * listing of their scope.
   */
  get lost(): ReadonlyMap<string, number> {
    return this.#lost;
  }

  /** Returns when the oldest failure is due again. `Infinity` if nothing is due. */
  dueAt(retryMs: number): number {
    return this.#since + retryMs;
  }

  /** Adds a request in place of any other request of the document. */
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

  /** Returns the scope in which a waiting document was shown. */
  scopeOf(documentId: string): string | undefined {
    const request = this.#requests.get(documentId);
    return request !== undefined && "scope" in request ? request.scope : undefined;
  }

  /** Removes a document that is up to date, gone, failed for good or shown again. */
  forget(documentId: string): void {
    this.#requests.delete(documentId);
    if (this.#requests.size === 0) this.#since = Infinity;
  }

  /** Forgets the failures without room, because the new listing shows the whole scope again. */
  startListing(scope: string): void {
    this.#lost.delete(scope);
  }

  /**
   * Removes and returns the requests that can be tried now. A document that the source could not read stays
   * until the source shows it again.
   */
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

/** Returns the scopes that a request belongs to. Empty if they are unknown. */
export function scopesOf(request: ShownDocument | Removal): readonly string[] {
  return "scope" in request ? [request.scope] : (request.scopes ?? []);
}

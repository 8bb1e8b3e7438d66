import type { IndexRequest } from "../documents/index-request.ts";
import type { Removal } from "../documents/removal.ts";

// What a source of any size may lose at once and have tried again; the rest waits for the next sync.
const maxRequests = 10_000;

/** Documents that could not be indexed or removed for a reason that may pass, to be tried again while a source is followed. */
export class RetryQueue {
  readonly #requests: Map<string, IndexRequest | Removal> = new Map();
  #since = Infinity;

  /** When the oldest failure is due again; `Infinity` where there is none. */
  dueAt(retryMs: number): number {
    return this.#since + retryMs;
  }

  /** Queues a request in place of any other of that document. */
  add(request: IndexRequest | Removal): void {
    this.forget(request.documentId);
    if (this.#requests.size === 0) this.#since = Date.now();
    if (this.#requests.size < maxRequests) this.#requests.set(request.documentId, request);
  }

  /** The scope in which a document was shown that waits to be indexed. */
  scopeOf(documentId: string): string | undefined {
    const request = this.#requests.get(documentId);
    return request?.load === undefined ? undefined : request.scope;
  }

  /** What was queued of the document is no longer the last word on it: it is up to date, gone, or failed for good. */
  forget(documentId: string): void {
    this.#requests.delete(documentId);
    if (this.#requests.size === 0) this.#since = Infinity;
  }

  /** Everything, to be tried now. */
  take(): readonly (IndexRequest | Removal)[] {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    this.#since = Infinity;
    return requests;
  }
}

import type { UpsertChange } from "@binnacle/core";
import { removalAfter } from "../removals/removal.ts";
import { scopesOf } from "../run/retry-queue.ts";
import type { IndexRequest, Removal, ShownDocument } from "../run/index-request.ts";
import type { Listing } from "../run/listing.ts";

/** Changes of documents that are not applied yet. The last change of each document counts. */
export class PendingChanges {
  readonly #changes: Map<string, IndexRequest | Removal> = new Map();
  #order = 0;

  get size(): number {
    return this.#changes.size;
  }

  get all(): Iterable<IndexRequest | Removal> {
    return this.#changes.values();
  }

  get removals(): readonly Removal[] {
    return [...this.#changes.values()].filter((change) => change.load === undefined);
  }

  get requests(): readonly IndexRequest[] {
    return [...this.#changes.values()].filter((change) => change.load !== undefined);
  }

  has(documentId: string): boolean {
    return this.#changes.has(documentId);
  }

  /** The position of the next change among all changes of the run. */
  nextOrder(): number {
    return ++this.#order;
  }

  /** A document is shown. */
  show(change: UpsertChange, listing: Listing | undefined): void {
    const { documentId, scope, version } = change;
    const load: IndexRequest["load"] = (call) => change.load(call);
    this.#put({ documentId, scope, version, listing, load, ...this.#said(documentId) });
  }

  /** A document is gone; with a scope only if it belongs there, since it may have moved to another. `underWay`: what is
   * already being applied of it. */
  remove(documentId: string, scope: string | undefined, underWay: IndexRequest | undefined): void {
    const before = this.#changes.get(documentId) ?? underWay;
    const removal = removalAfter(before, { documentId, ...this.#said(documentId) }, scope);
    if (removal !== undefined) this.#put(removal);
  }

  /** Something that failed before is to be tried again, unless something newer was said of the document: then
   * it returns false. */
  bringBack(request: ShownDocument | Removal): boolean {
    if (this.#changes.has(request.documentId)) return false;
    if ("scopes" in request) this.#changes.set(request.documentId, request);
    else if (request.load !== undefined && request.version !== undefined) {
      const { version, load } = request;
      this.#changes.set(request.documentId, { ...request, version, load });
    }
    return true;
  }

  /** It is applied, or nothing is to be done. A newer word on the document stays. */
  delete(change: IndexRequest | Removal): void {
    if (this.#changes.get(change.documentId) === change) this.#changes.delete(change.documentId);
  }

  /** The scope is gone, and everything that was said of it. */
  dropScope(scope: string): void {
    for (const change of this.#changes.values()) {
      const scopes = scopesOf(change);
      if (scopes.length === 1 && scopes[0] === scope) this.#changes.delete(change.documentId);
    }
  }

  #put(change: IndexRequest | Removal): void {
    // Applied in the order of the last word on each.
    this.#changes.delete(change.documentId);
    this.#changes.set(change.documentId, change);
  }

  /** A document has waited since the first word on it that is not applied. */
  #said(documentId: string): { readonly order: number; readonly saidAt: number } {
    const saidAt = this.#changes.get(documentId)?.saidAt ?? Date.now();
    return { order: this.nextOrder(), saidAt };
  }
}

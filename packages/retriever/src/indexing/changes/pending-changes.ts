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

  /** Returns the position of the next change among all changes of the run. */
  nextOrder(): number {
    return ++this.#order;
  }

  /** Adds the change of a document that exists. */
  show(change: UpsertChange, listing: Listing | undefined): void {
    const { documentId, scope, version } = change;
    const load: IndexRequest["load"] = (call) => change.load(call);
    this.#put({ documentId, scope, version, listing, load, ...this.#said(documentId) });
  }

  /**
   * Adds the removal of a document. With a scope it holds only if the document belongs there, because the
   * document may have moved. `underWay` is the version that is being applied.
   */
  remove(documentId: string, scope: string | undefined, underWay: IndexRequest | undefined): void {
    const before = this.#changes.get(documentId) ?? underWay;
    const removal = removalAfter(before, { documentId, ...this.#said(documentId) }, scope);
    if (removal !== undefined) this.#put(removal);
  }

  /**
   * Adds a change that failed before, so that it is tried again. Returns false if a newer change is pending.
   */
  bringBack(request: ShownDocument | Removal): boolean {
    if (this.#changes.has(request.documentId)) return false;
    if ("scopes" in request) this.#changes.set(request.documentId, request);
    else if (request.load !== undefined && request.version !== undefined) {
      const { version, load } = request;
      this.#changes.set(request.documentId, { ...request, version, load });
    }
    return true;
  }

  /** Deletes a change that is applied or needs nothing. A newer change of the document stays. */
  delete(change: IndexRequest | Removal): void {
    if (this.#changes.get(change.documentId) === change) this.#changes.delete(change.documentId);
  }

  /** Deletes the changes of a scope that is gone. */
  dropScope(scope: string): void {
    for (const change of this.#changes.values()) {
      const scopes = scopesOf(change);
      if (scopes.length === 1 && scopes[0] === scope) this.#changes.delete(change.documentId);
    }
  }

  #put(change: IndexRequest | Removal): void {
    // Changes are applied in the order of each document's last change.
    this.#changes.delete(change.documentId);
    this.#changes.set(change.documentId, change);
  }

  /** Returns the order of a new change, and the time since which its document waits. */
  #said(documentId: string): { readonly order: number; readonly saidAt: number } {
    const saidAt = this.#changes.get(documentId)?.saidAt ?? Date.now();
    return { order: this.nextOrder(), saidAt };
  }
}

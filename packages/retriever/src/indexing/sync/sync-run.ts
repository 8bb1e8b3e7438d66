import { BinnacleError, type ListingChange, type SourceChange, type UpsertChange } from "@binnacle/core";
import { indexDocuments } from "../documents/index-documents.ts";
import { failDocument } from "../documents/keep-shown.ts";
import { unknownScope } from "./listing.ts";
import type { IndexRequest } from "../documents/index-request.ts";
import { removalAfter, type Removal } from "../documents/removal.ts";
import { applyRemovals, finishRemovals, removeUnclaimed, removeUnlisted } from "./removals.ts";
import type { RunContext } from "./run-context.ts";
import { ScopeListings } from "./scope-listings.ts";

// Enough to ask the manifest and the store for many documents at once; few enough to hold.
const maxPending = 256;

/**
 * Takes a source's changes one by one and applies them in windows. Within a window the last word on a document counts,
 * and what is put comes before what is removed, so that a rename finds the vectors of the old name.
 */
export class SyncRun {
  readonly #context: RunContext;
  readonly #pending: Map<string, IndexRequest | Removal> = new Map();
  readonly #listings: ScopeListings = new ScopeListings();
  readonly #checkpoints: Map<string, string> = new Map();
  #isUntidy = false;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** Whether {@link SyncRun.flush} has something to do. */
  get hasWork(): boolean {
    return this.#pending.size > 0 || this.#checkpoints.size > 0;
  }

  /** Takes one change; may apply what has gathered. May be called again with the same change after it rejected. */
  async handle(change: SourceChange): Promise<void> {
    const { tally } = this.#context;
    switch (change.type) {
      case "upsert":
        return this.#gather(change.documentId, this.#request(change));
      case "remove":
        return this.remove(change.documentId, change.scope);
      case "unreadable": {
        const { documentId, scope } = change;
        // What was said of it before is still to be applied, and before it is reported.
        if (this.#pending.has(documentId)) await this.flush();
        tally.documentsSeen += 1;
        return failDocument(
          this.#context,
          { documentId, scope, listing: this.#listings.listing(scope) },
          change.error,
        );
      }
      case "listing":
        return this.#handleListing(change.scope, change.state, change.error);
      case "checkpoint":
        this.#checkpoints.set(change.scope, change.resume);
        return;
      case "current":
      case "scopes":
      case "removed":
        return;
      case "degraded":
        return this.#context.report({ scope: change.scope, error: change.error });
      default:
        change satisfies never;
    }
  }

  /** Removes a document; with a scope only if it belongs there, since it may have moved to another. */
  async remove(documentId: string, scope?: string): Promise<void> {
    const removal = removalAfter(this.#pending.get(documentId), documentId, scope);
    if (removal !== undefined) await this.#gather(documentId, removal);
  }

  /** Applies what has gathered and records the last checkpoint, unless a document before it failed or a listing is not
   * whole or was refused: a source that resumes would not show again what is still to be done. */
  async flush(): Promise<void> {
    const context = this.#context;
    const requests = [...this.#pending.values()].filter((pending) => pending.load !== undefined);
    await indexDocuments(context, requests, ({ documentId }) => this.#pending.delete(documentId));
    const removals = [...this.#pending.values()].filter((pending) => pending.load === undefined);
    await applyRemovals(context, removals);
    for (const { documentId } of removals) this.#pending.delete(documentId);
    const ready = [...this.#checkpoints].filter(([scope]) => this.#isWhole(scope));
    if (ready.length === 0) return;
    await this.#record(new Map(ready));
    for (const [scope] of ready) this.#checkpoints.delete(scope);
  }

  /** When documents that failed in a way that may pass are due again; `Infinity` where there are none. */
  retryAt(retryMs: number): number {
    return this.#context.retries.dueAt(retryMs);
  }

  /** Tries failed documents again. */
  async retry(): Promise<void> {
    for (const request of this.#context.retries.take()) {
      // A later word on the document counts more.
      if (!this.#pending.has(request.documentId)) this.#pending.set(request.documentId, request);
    }
    await this.flush();
  }

  /** Whether a listing came to its end since {@link SyncRun.tidy} was last called. */
  get isUntidy(): boolean {
    return this.#isUntidy;
  }

  /** Finishes what an earlier run left half removed, and removes what no listing claimed. */
  async tidy(): Promise<void> {
    await finishRemovals(this.#context, this.#listings);
    await this.#removeUnclaimed();
    this.#isUntidy = false;
  }

  /** Ends the run: applies the rest, finishes what an earlier run left half removed, records the collection's epoch.
   * Rejects with code `mass_delete_refused` if a listing asked for too much. */
  async finish(): Promise<void> {
    await this.flush();
    for (const scope of this.#listings.unfinished) {
      this.#context.tally.incomplete(
        scope,
        new BinnacleError(
          "listing_incomplete",
          `the source ended without completing the listing of "${scope}"; nothing of it was removed`,
        ),
      );
    }
    await this.tidy();
    await this.#record(new Map());
    const { refusal } = this.#listings;
    if (refusal !== undefined) throw refusal;
  }

  async #gather(documentId: string, pending: IndexRequest | Removal): Promise<void> {
    this.#context.tally.documentsSeen += 1;
    // Applied in the order of the last word on each.
    this.#pending.delete(documentId);
    this.#pending.set(documentId, pending);
    if (this.#pending.size >= maxPending) await this.flush();
  }

  #request(change: UpsertChange): IndexRequest {
    const { documentId, scope, version } = change;
    const load: IndexRequest["load"] = (call) => change.load(call);
    return { documentId, scope, version, listing: this.#listings.listing(scope), load };
  }

  async #handleListing(scope: string, state: ListingChange["state"], error?: BinnacleError): Promise<void> {
    const { tally } = this.#context;
    if (state === "started") return this.#listings.start(scope);
    await this.flush();
    if (state === "aborted") {
      this.#listings.end(scope, state);
      tally.incomplete(
        scope,
        error ??
          new BinnacleError(
            "listing_aborted",
            `the listing of "${scope}" broke off; nothing of it was removed`,
          ),
      );
      return;
    }
    const listing = this.#listings.listing(scope);
    // A "complete" without a beginning says nothing about what came before it.
    if (listing === undefined || this.#listings.state(scope) !== "started") return;
    const refusal = await removeUnlisted(this.#context, listing);
    this.#isUntidy = true;
    if (refusal !== undefined) return this.#refuse(scope, refusal);
    this.#listings.end(scope, state);
    tally.complete(scope);
  }

  async #refuse(scope: string, refusal: BinnacleError): Promise<void> {
    const { entries, call, tally } = this.#context;
    // Whoever runs again as the message says must be shown everything again.
    await entries.put([], { ...call, resume: new Map([[scope, undefined]]) });
    this.#listings.refuse(scope, refusal);
    tally.incomplete(scope, refusal);
    this.#context.report({ scope, error: refusal });
  }

  /** Where every scope was listed whole, nothing is left that a listing could still claim. */
  async #removeUnclaimed(): Promise<void> {
    if (this.#listings.areNone || !this.#listings.areComplete) return;
    const refusal = await removeUnclaimed(this.#context);
    if (refusal !== undefined) return this.#refuse(unknownScope, refusal);
    this.#listings.end(unknownScope, "complete");
    this.#context.tally.complete(unknownScope);
  }

  /** Whether nothing of the scope failed, and its listing, if there was one, was taken over. */
  #isWhole(scope: string): boolean {
    const state = this.#listings.state(scope);
    return (state === undefined || state === "complete") && !this.#context.tally.hasFailed(scope);
  }

  async #record(checkpoints: ReadonlyMap<string, string>): Promise<void> {
    const { entries, points, config, call } = this.#context;
    const epoch = await points.settledEpoch();
    const resume = Array.from(
      checkpoints,
      ([scope, checkpoint]) => [scope, formatResume(config, checkpoint)] as const,
    );
    await entries.put([], { ...call, epoch, resume: new Map(resume) });
  }
}

/** A checkpoint holds only for what was indexed with the same configuration. */
export function formatResume(config: string, checkpoint: string): string {
  return `${config}.${checkpoint}`;
}

/** The source's own checkpoint, if it was recorded with this configuration. */
export function parseResume(config: string, resume: string): string | undefined {
  return resume.startsWith(`${config}.`) ? resume.slice(config.length + 1) : undefined;
}

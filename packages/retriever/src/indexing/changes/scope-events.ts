import {
  BinnacleError,
  type ListingChange,
  type RemovedScopeChange,
  type ScopesChange,
  type UnreadableChange,
} from "@binnacle/core";
import { failDocument } from "../documents/fail-document.ts";
import { finishRemovals } from "../removals/finish-removals.ts";
import { removeScope, removeUnclaimed, removeUnlisted, removeVanished } from "../removals/remove-unseen.ts";
import { pushedScope, unknownScope } from "../run/listing.ts";
import type { RunContext } from "../run/run-context.ts";
import type { OpenChanges } from "./open-changes.ts";
import type { PendingChanges } from "./pending-changes.ts";
import type { ScopeMarks } from "./scope-marks.ts";
import type { SourceScopes } from "./source-scopes.ts";
import type { VectorLane } from "../lane/vector-lane.ts";

/** A change that is applied after all changes before it. */
export type ScopeEvent = ListingChange | ScopesChange | RemovedScopeChange | UnreadableChange;

/** The parts of {@link ScopeEvents}. */
export interface ScopeEventsParts {
  readonly context: RunContext;
  readonly scopes: SourceScopes;
  readonly marks: ScopeMarks;
  readonly pending: PendingChanges;
  readonly lane: VectorLane;
  readonly open: OpenChanges;
}

/**
 * Applies the changes of a source's scopes: removes documents that a listing did not show, and documents of
 * scopes that are gone.
 */
export class ScopeEvents {
  readonly #parts: ScopeEventsParts;
  readonly #isOpen: (documentId: string) => boolean;

  constructor(parts: ScopeEventsParts) {
    this.#parts = parts;
    this.#isOpen = (documentId) => parts.open.has(documentId);
  }

  /** Applies an event. May be called again with the same event after it rejected. */
  async apply(event: ScopeEvent): Promise<void> {
    switch (event.type) {
      case "listing":
        return this.#endListing(event);
      case "scopes":
        return this.#nameScopes(event.scopes);
      case "removed":
        return this.#removeScope(event.scope);
      case "unreadable":
        return this.#noteUnreadable(event);
      default:
        event satisfies never;
    }
  }

  /** Asks again whether refused deletions are allowed. */
  async askAgain(): Promise<void> {
    const { scopes } = this.#parts;
    for (const scope of scopes.in("refused")) {
      const listing = scopes.listing(scope);
      if (listing !== undefined) await this.#takeOver(scope);
      else if (scope !== unknownScope) await this.#removeVanished(scope);
    }
    await this.#removeUnclaimed();
  }

  /** Finishes removals that an earlier run began, and removes documents that no listing claimed. */
  async finish(): Promise<void> {
    const { context, scopes } = this.#parts;
    for (const scope of scopes.in("listing")) {
      const message = `the source ended without completing the listing of "${scope}"; nothing of it was removed`;
      context.tally.incomplete(scope, new BinnacleError("listing_incomplete", message));
    }
    const isBroken = scopes.in("listing").length + scopes.in("incomplete").length > 0;
    await finishRemovals(context, (scope) => {
      if (scope === unknownScope) return scopes.isEmpty || scopes.areListed;
      const state = scopes.state(scope);
      // In a part that was not shown, the document may exist again. It may have moved there from a scope that
      // the source no longer mentions.
      return state === undefined ? !isBroken : state !== "listing" && state !== "incomplete";
    });
    await this.#removeUnclaimed(true);
  }

  async #endListing({ scope, state, error }: ListingChange): Promise<void> {
    const { context, scopes } = this.#parts;
    // A listing that completes without a start did not show the whole scope.
    if (state === "complete" && scopes.state(scope) === "listing") await this.#takeOver(scope);
    if (state !== "aborted") return;
    const message = `the listing of "${scope}" broke off; nothing of it was removed`;
    const why = error ?? new BinnacleError("listing_aborted", message);
    scopes.abort(scope, why);
    context.tally.incomplete(scope, why);
  }

  /** Takes over a complete listing. */
  async #takeOver(scope: string): Promise<void> {
    const { context, scopes } = this.#parts;
    const listing = scopes.listing(scope);
    if (listing === undefined) return;
    const refusal = await removeUnlisted(context, listing, this.#isOpen);
    if (refusal !== undefined) return this.#refuse(scope, refusal);
    scopes.complete(scope);
    context.tally.complete(scope);
    await this.#removeUnclaimed();
  }

  async #nameScopes(named: readonly string[]): Promise<void> {
    const { context, scopes, open } = this.#parts;
    scopes.name(named);
    const kept = new Set([...named, unknownScope, pushedScope]);
    const recorded = await context.entries.scopes(context.call);
    for (const scope of new Set([...recorded.map(({ scope }) => scope), ...open.scopes]))
      if (!kept.has(scope)) await this.#removeVanished(scope);
    await this.#forgetCheckpoints([...context.entries.resume.keys()].filter((scope) => !kept.has(scope)));
    await this.#removeUnclaimed();
  }

  async #removeVanished(scope: string): Promise<void> {
    const { context, scopes } = this.#parts;
    this.#dropChanges(scope);
    const before = context.tally.documents.removed;
    const refusal = await removeVanished(context, scope, this.#isOpen);
    if (refusal !== undefined) return this.#refuse(scope, refusal);
    scopes.drop(scope);
    context.tally.complete(scope);
    context.tally.endScope(scope, context.tally.documents.removed - before);
  }

  async #removeScope(scope: string): Promise<void> {
    const { context, scopes } = this.#parts;
    this.#dropChanges(scope);
    const before = context.tally.documents.removed;
    await removeScope(context, scope, this.#isOpen);
    await this.#forgetCheckpoints([scope]);
    scopes.drop(scope);
    context.tally.complete(scope);
    context.tally.endScope(scope, context.tally.documents.removed - before);
  }

  /** Drops the open changes of the scope. */
  #dropChanges(scope: string): void {
    const { context, pending, lane, marks } = this.#parts;
    pending.dropScope(scope);
    marks.drop(scope);
    for (const request of lane.requests) if (request.scope === scope) lane.supersede(request.documentId);
    for (const documentId of context.tally.failedUnseen(scope, undefined)) {
      context.tally.succeed(documentId);
      context.retries.forget(documentId);
    }
    context.retries.startListing(scope);
  }

  /**
   * Removes documents that no listing claimed, once all scopes are listed. A source that does not name its
   * scopes has listed all of them when it ends.
   */
  async #removeUnclaimed(hasEnded = false): Promise<void> {
    const { context, scopes } = this.#parts;
    if (!scopes.areListed || (scopes.named === undefined && !hasEnded)) return;
    const refusal = await removeUnclaimed(context, this.#isOpen);
    if (refusal !== undefined) return this.#refuse(unknownScope, refusal);
    scopes.drop(unknownScope);
    context.tally.complete(unknownScope);
  }

  async #refuse(scope: string, refusal: BinnacleError): Promise<void> {
    const { context, scopes } = this.#parts;
    // The source must show the whole scope to the next run.
    await this.#forgetCheckpoints([scope]);
    scopes.refuse(scope, refusal);
    context.tally.incomplete(scope, refusal);
    context.report({ scope, error: refusal });
  }

  async #forgetCheckpoints(scopes: readonly string[]): Promise<void> {
    const { entries, call } = this.#parts.context;
    if (scopes.length === 0) return;
    await entries.put([], { ...call, resume: new Map(scopes.map((scope) => [scope, undefined])) });
  }

  async #noteUnreadable({ documentId, scope, error }: UnreadableChange): Promise<void> {
    const { context, scopes, lane, pending } = this.#parts;
    lane.supersede(documentId);
    context.tally.documentsSeen += 1;
    const said = { order: pending.nextOrder(), saidAt: Date.now() };
    const shown = { documentId, scope, listing: scopes.listing(scope), ...said };
    await context.lock.run(() => failDocument(context, shown, error));
  }
}

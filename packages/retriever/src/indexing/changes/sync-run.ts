import { BinnacleError, type SourceChange } from "@binnacle/core";
import type { FollowStatus } from "../report/follow-status.ts";
import { applyRemovals } from "../removals/apply-removals.ts";
import type { IndexRequest } from "../run/index-request.ts";
import type { RunContext } from "../run/run-context.ts";
import { OpenChanges } from "./open-changes.ts";
import { PendingChanges } from "./pending-changes.ts";
import { recordMarks } from "./record-marks.ts";
import { RequestWindows } from "./request-windows.ts";
import { ScopeEvents, type ScopeEvent } from "./scope-events.ts";
import { ScopeMarks } from "./scope-marks.ts";
import { SourceScopes } from "./source-scopes.ts";
import { VectorLane, type VectorLaneOptions } from "../lane/vector-lane.ts";

/** Options of {@link SyncRun}. */
export interface SyncRunOptions extends VectorLaneOptions {
  /** Scopes that the source resumes. */
  readonly resumed: Iterable<string>;
  /** True if changes that need no vector must not wait for the embedder. */
  readonly isLive: boolean;
  /** Returns true while the embedder fails. */
  readonly isStalled: () => boolean;
}

// The run holds this many ids and load functions of a live source whose embedder is too slow. Then it pulls
// no more changes.
const maxPending = 10_000;

/**
 * Takes a source's changes one by one and applies them in windows. Within a window the last change of a
 * document counts. Removals are applied first, then changes that need no new vector. The others go through a
 * {@link VectorLane}, so that only they wait for the embedder.
 */
export class SyncRun {
  readonly #context: RunContext;
  readonly #options: SyncRunOptions;
  readonly #pending: PendingChanges = new PendingChanges();
  readonly #marks: ScopeMarks = new ScopeMarks();
  readonly #events: ScopeEvent[] = [];
  readonly #scopes: SourceScopes;
  readonly #lane: VectorLane;
  readonly #open: OpenChanges;
  readonly #scopeEvents: ScopeEvents;
  readonly #windows: RequestWindows;
  #hasNews = false;
  /** Pending documents that the last flush left for later. */
  #left = 0;
  /** When the run last asked whether refused deletions are allowed, epoch milliseconds. */
  #askedAt = Date.now();

  constructor(context: RunContext, options: SyncRunOptions) {
    this.#context = context;
    this.#options = options;
    this.#scopes = new SourceScopes(options.resumed);
    this.#lane = new VectorLane(context, {
      ...options,
      takeBack: (requests, error) => options.takeBack(requests, error) && this.#takeBack(requests),
      onProgress: () => {
        if (this.#pending.size > 0 || this.#marks.size > 0) this.#hasNews = true;
        options.onProgress();
      },
    });
    this.#open = new OpenChanges(this.#pending, this.#lane, context.retries);
    const parts = { context, pending: this.#pending, lane: this.#lane };
    this.#windows = new RequestWindows({ ...options, ...parts });
    this.#scopeEvents = new ScopeEvents({
      ...parts,
      scopes: this.#scopes,
      marks: this.#marks,
      open: this.#open,
    });
    this.#tellPhase();
  }

  /** True if {@link SyncRun.flush} may have something to do. */
  get hasNews(): boolean {
    return this.#hasNews || this.#windows.isDue;
  }

  /** True if {@link SyncRun.flush} must run before the next change is taken. */
  get isDue(): boolean {
    return this.#events.length > 0 || this.#pending.size - this.#left >= this.#windows.size;
  }

  /** True if no more changes can be taken for now. */
  get isFull(): boolean {
    return this.#options.isLive && this.#pending.size >= maxPending;
  }

  /** The status of the run. */
  get status(): Pick<FollowStatus, "lagMs" | "waiting" | "scopes"> {
    const { oldestSaidAt, documents } = this.#open;
    const lagMs = oldestSaidAt === Infinity ? 0 : Math.max(0, Date.now() - oldestSaidAt);
    return { lagMs, waiting: documents, scopes: this.#scopes.status };
  }

  /** Throws the lane's error if the lane failed. */
  check(): void {
    this.#lane.check();
  }

  /** Takes one change. {@link SyncRun.flush} applies it. */
  take(change: SourceChange): void {
    const { tally, retries } = this.#context;
    this.#hasNews = true;
    switch (change.type) {
      case "upsert":
        tally.documentsSeen += 1;
        retries.forget(change.documentId);
        return this.#pending.show(change, this.#scopes.listing(change.scope));
      case "remove":
        return this.remove(change.documentId, change.scope);
      case "checkpoint":
        return this.#marks.add(change.scope, { order: this.#pending.nextOrder(), resume: change.resume });
      case "current":
        return this.#marks.add(change.scope, { order: this.#pending.nextOrder(), asOf: change.asOf });
      case "degraded":
        this.#scopes.degrade(change.scope, change.error);
        return this.#context.report({ scope: change.scope, error: change.error });
      case "listing":
        if (change.state === "started") return this.#startListing(change.scope);
        this.#events.push(change);
        return;
      case "scopes":
      case "removed":
      case "unreadable":
        this.#events.push(change);
        return;
      default:
        return this.#ignore(change);
    }
  }

  /** Removes a document. With a scope it holds only if the document belongs there. */
  remove(documentId: string, scope?: string): void {
    this.#context.tally.documentsSeen += 1;
    this.#pending.remove(documentId, scope, this.#lane.request(documentId));
  }

  /**
   * Applies the changes that need no vectors, passes the others to the lane, and records checkpoints. May be
   * called again after it rejected.
   */
  async flush(): Promise<void> {
    this.#hasNews = false;
    try {
      await this.#applyRemovals();
      await this.#windows.apply();
      for (let event = this.#events[0]; event !== undefined; event = this.#events[0]) {
        await this.#scopeEvents.apply(event);
        this.#events.shift();
      }
      this.#tellPhase();
      await this.#recordMarks();
    } catch (error) {
      this.#hasNews = true;
      throw error;
    } finally {
      this.#left = this.#pending.size;
    }
  }

  /** Returns when failed documents and refused deletions are due again. `Infinity` if nothing is due. */
  retryAt(retryMs: number): number {
    const askAt = this.#canAskAgain ? this.#askedAt + retryMs : Infinity;
    return Math.min(askAt, this.#context.retries.dueAt(retryMs));
  }

  /** Tries failed documents again, and asks again about refused deletions. */
  async retry(): Promise<void> {
    const { retries } = this.#context;
    for (const request of retries.take()) if (!this.#pending.bringBack(request)) retries.add(request);
    await this.flush();
    if (!this.#canAskAgain) return;
    await this.#scopeEvents.askAgain();
    this.#askedAt = Date.now();
  }

  /** Applies all changes, and waits for vectors. */
  async drain(): Promise<void> {
    do {
      await this.flush();
      await this.#lane.idle();
    } while (this.#pending.size > 0);
    await this.flush();
  }

  /**
   * Ends the run: applies the rest, finishes removals that an earlier run began, and records the epoch.
   * Rejects with code `mass_delete_refused` if a deletion was refused.
   */
  async finish(): Promise<void> {
    await this.drain();
    await this.#scopeEvents.finish();
    await this.#recordMarks(true);
    const { tally } = this.#context;
    for (const [scope, error] of this.#scopes.degraded) tally.degraded(scope, error);
    const { refusal } = this.#scopes;
    if (refusal !== undefined) throw refusal;
  }

  /**
   * Resolves when nothing is being written any more. Call it after the run's signal fired or the run is
   * drained.
   */
  async ended(): Promise<void> {
    await this.#lane.ended();
  }

  get #canAskAgain(): boolean {
    return typeof this.#context.allowMassDelete === "function" && this.#scopes.refusal !== undefined;
  }

  async #applyRemovals(): Promise<void> {
    const { removals } = this.#pending;
    if (removals.length === 0) return;
    for (const { documentId } of removals) this.#lane.supersede(documentId);
    await this.#context.lock.run(() => applyRemovals(this.#context, removals));
    for (const removal of removals) this.#pending.delete(removal);
  }

  #recordMarks(always = false): Promise<void> {
    const parts = { scopes: this.#scopes, marks: this.#marks, open: this.#open };
    return recordMarks(this.#context, { ...parts, always });
  }

  #takeBack(requests: readonly IndexRequest[]): boolean {
    for (const request of requests) this.#pending.bringBack(request);
    return true;
  }

  #startListing(scope: string): void {
    this.#scopes.start(scope);
    this.#context.retries.startListing(scope);
    this.#tellPhase();
  }

  #tellPhase(): void {
    if (this.#options.isLive) this.#context.tally.phase = this.#scopes.areSettled ? "following" : "indexing";
  }

  /** Counts a change that this release does not know. */
  #ignore(change: { readonly type: string }): void {
    const type = JSON.stringify(change.type);
    const isNew = this.#context.tally.ignore(type);
    const message = `changes of type ${type} are ignored, because this release does not know them`;
    if (isNew) this.#context.report({ scope: "", error: new BinnacleError("unknown_change", message) });
  }
}

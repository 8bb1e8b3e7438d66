import { embedContents, type EmbeddedContents } from "../documents/embed-contents.ts";
import type { PlannedDocument } from "../documents/planned-document.ts";
import { documentBytes } from "../documents/read-document.ts";
import { writePlans } from "../documents/write-plans.ts";
import type { IndexRequest } from "../run/index-request.ts";
import type { RunContext } from "../run/run-context.ts";
import { WantedContents } from "./wanted-contents.ts";

/** How a lane works with the rest of the run. */
export interface VectorLaneOptions {
  /** Runs a call to the embedder, and may repeat it if it fails. */
  readonly attempt: <T>(call: () => Promise<T>) => Promise<T>;
  /** Takes documents back that could not be written. False: the lane fails. */
  readonly takeBack: (requests: readonly IndexRequest[], error: unknown) => boolean;
  /** Called when a window is taken or written, and when the lane ends. */
  readonly onProgress: () => void;
}

interface LaneItem {
  readonly document: PlannedDocument;
  readonly bytes: number;
  isSuperseded: boolean;
}

// A window is three transactions of the manifest and the store, so small windows cost more than their points.
const minWindowItems = 256;

/**
 * Embeds and writes documents that need vectors. It embeds the next window while it writes the last one. A
 * caller that waits for room holds at most three windows of {@link RunLimits.maxBatchBytes}: queued, embedded
 * and written.
 */
export class VectorLane {
  readonly #context: RunContext;
  readonly #options: VectorLaneOptions;
  readonly #wanted: WantedContents = new WantedContents();
  readonly #items: Map<string, LaneItem> = new Map();
  readonly #windowItems: number;
  #queue: LaneItem[] = [];
  #queuedBytes = 0;
  #queuedItems = 0;
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #waiters: (() => void)[] = [];

  constructor(context: RunContext, options: VectorLaneOptions) {
    this.#context = context;
    this.#options = options;
    this.#windowItems = Math.max(minWindowItems, context.limits.embedItems);
  }

  /** The requests of all documents in the lane that are not written yet. */
  get requests(): readonly IndexRequest[] {
    return [...this.#items.values()].map(requestOf);
  }

  /** Returns the document's request in the lane, if there is one. */
  request(documentId: string): IndexRequest | undefined {
    const item = this.#items.get(documentId);
    return item && requestOf(item);
  }

  /** True if the next window is not full yet. */
  get hasRoom(): boolean {
    return this.#queuedItems < this.#windowItems && this.#queuedBytes < this.#context.limits.maxBatchBytes;
  }

  /** True if a version of the document is in the lane. */
  has(documentId: string): boolean {
    return this.#items.has(documentId);
  }

  /** Throws the lane's error if the lane failed. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** See {@link WantedContents.comparing}. */
  comparing<T>(body: () => Promise<T>): Promise<T> {
    return this.#wanted.comparing(body);
  }

  /** Adds documents, even if the lane is full. */
  push(documents: readonly PlannedDocument[]): void {
    for (const document of documents) {
      const item = { document, bytes: bytesOf(document), isSuperseded: false };
      this.#wanted.add(document);
      this.#items.set(requestOf(item).documentId, item);
      this.#queue.push(item);
      this.#queuedBytes += item.bytes;
      this.#queuedItems += document.missing.length;
    }
    if (documents.length > 0 && this.#failure === undefined) this.#running ??= this.#run();
  }

  /** Discards the version in the lane, because a newer change of the document arrived. */
  supersede(documentId: string): void {
    const item = this.#items.get(documentId);
    if (item === undefined) return;
    item.isSuperseded = true;
    this.#items.delete(documentId);
  }

  /** Resolves when there is room. Rejects if the lane failed. */
  async room(): Promise<void> {
    while (!this.hasRoom && this.#failure === undefined)
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    this.check();
  }

  /** Resolves when everything is written. Rejects if the lane failed. */
  async idle(): Promise<void> {
    await this.#running;
    this.check();
  }

  /**
   * Resolves when nothing is being written any more. Never rejects. Call it after the run's signal fired or
   * while the lane is idle.
   */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    let writing: Promise<void> = Promise.resolve();
    try {
      while (this.#queue.length > 0) {
        const window = this.#take();
        const embedded = await this.#embed(window);
        await writing;
        this.#wanted.resolve(embedded);
        writing = this.#write(window);
        // It is awaited after the next window is embedded, so its rejection is not unhandled.
        writing.catch(() => undefined);
        if (this.#queue.length === 0) await writing;
      }
    } catch (error) {
      this.#failure ??= { error };
      await writing.catch(() => undefined);
    }
    this.#running = undefined;
    this.#progress();
  }

  #take(): readonly LaneItem[] {
    const window: LaneItem[] = [];
    let [bytes, items] = [0, 0];
    for (const item of this.#queue) {
      const count = item.document.missing.length;
      const isFull =
        items + count > this.#windowItems || bytes + item.bytes > this.#context.limits.maxBatchBytes;
      if (window.length > 0 && isFull) break;
      window.push(item);
      bytes += item.bytes;
      items += count;
    }
    this.#queue = this.#queue.slice(window.length);
    this.#queuedBytes -= bytes;
    this.#queuedItems -= items;
    this.#progress();
    return window.filter(({ isSuperseded, document }) => {
      if (isSuperseded) this.#wanted.release(document);
      return !isSuperseded;
    });
  }

  async #embed(window: readonly LaneItem[]): Promise<EmbeddedContents> {
    const puts = this.#wanted.unresolved(window.map(({ document }) => document));
    if (puts.length === 0) return new Map();
    return this.#options.attempt(() => embedContents(this.#context, puts));
  }

  async #write(window: readonly LaneItem[]): Promise<void> {
    try {
      await this.#context.lock.run(() => this.#writeNow(window));
    } catch (error) {
      const requests = window.filter(isCurrent).map(requestOf);
      for (const { documentId } of requests) this.#items.delete(documentId);
      if (!this.#options.takeBack(requests, error)) throw error;
    }
    for (const { document } of window) this.#wanted.release(document);
    this.#context.report();
    this.#progress();
  }

  async #writeNow(window: readonly LaneItem[]): Promise<void> {
    const items = window.filter(isCurrent);
    const vectors = new Map(items.flatMap(({ document }) => [...this.#wanted.vectorsOf(document)]));
    const plans = items.map(({ document }) => document.plan);
    await writePlans(this.#context, plans, vectors);
    for (const item of items) this.#items.delete(requestOf(item).documentId);
  }

  #progress(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
    this.#options.onProgress();
  }
}

function isCurrent({ isSuperseded }: LaneItem): boolean {
  return !isSuperseded;
}

function requestOf({ document }: LaneItem): IndexRequest {
  return document.plan.read.request;
}

function bytesOf({ plan, missing }: PlannedDocument): number {
  return documentBytes(plan.read) + 1024 * missing.length;
}

import { inBatches } from "@binnacle/core/kit";
import { indexDocuments, type IndexingSteps } from "../documents/index-documents.ts";
import type { IndexRequest } from "../run/index-request.ts";
import type { RunContext } from "../run/run-context.ts";
import type { PendingChanges } from "./pending-changes.ts";
import type { VectorLane } from "../lane/vector-lane.ts";

/** The parts of {@link RequestWindows}. */
export interface RequestWindowsParts {
  readonly context: RunContext;
  readonly pending: PendingChanges;
  readonly lane: VectorLane;
  /** True if changes that need no vector must not wait for the embedder. */
  readonly isLive: boolean;
  /** Returns true while the embedder fails. */
  readonly isStalled: () => boolean;
}

// Enough to ask the manifest and the store for many documents at once; few enough to hold.
const minWindow = 256;
const maxWindow = 4096;

/** Reads and compares pending documents in windows, and passes documents that need vectors to the lane. */
export class RequestWindows {
  /** Number of documents in a window. */
  readonly size: number;
  readonly #parts: RequestWindowsParts;
  /** Requests that need loading but found no room in the lane. */
  readonly #waiting: WeakSet<IndexRequest> = new WeakSet();
  /** Requests that were loaded and need vectors. */
  readonly #parked: WeakSet<IndexRequest> = new WeakSet();
  #wasStalled = false;

  constructor(parts: RequestWindowsParts) {
    this.#parts = parts;
    this.size = Math.min(maxWindow, Math.max(minWindow, parts.context.limits.embedItems));
  }

  /**
   * True if the embedder began to fail after the last {@link RequestWindows.apply}. Requests that waited for
   * room are then loaded, to find those that need no vector.
   */
  get isDue(): boolean {
    const { pending, isLive, isStalled } = this.#parts;
    return isLive && !this.#wasStalled && pending.size > 0 && isStalled();
  }

  /** Applies the changes that can be applied now. */
  async apply(): Promise<void> {
    const { context, pending, lane, isLive, isStalled } = this.#parts;
    this.#wasStalled = isStalled();
    const passed = this.#wasStalled ? this.#parked : this.#waiting;
    // A newer version waits until the version in the lane is written. Otherwise a document that changes all
    // the time would never be written.
    const requests = pending.requests.filter(({ documentId }) => !lane.has(documentId));
    for (const window of inBatches(requests, { maxItems: this.size })) {
      const mayLoad = !isLive || lane.hasRoom;
      const ones = mayLoad ? window : window.filter((request) => !passed.has(request));
      if (ones.length === 0) continue;
      await lane.comparing(() => indexDocuments(context, ones, this.#steps()));
      for (const request of ones) this.#waiting.add(request);
    }
  }

  #steps(): IndexingSteps {
    const { pending, lane, isLive, isStalled } = this.#parts;
    const parked = new Set<IndexRequest>();
    return {
      mayLoad: async () => {
        if (isLive) return lane.hasRoom || isStalled();
        await lane.room();
        return true;
      },
      embed: (documents) => {
        if (!isLive || lane.hasRoom) return lane.push(documents);
        // Loaded again when the embedder works. Until then only ids and load functions are held.
        for (const { plan } of documents) {
          parked.add(plan.read.request);
          this.#parked.add(plan.read.request);
        }
      },
      done: (request) => {
        if (!parked.has(request)) pending.delete(request);
      },
    };
  }
}

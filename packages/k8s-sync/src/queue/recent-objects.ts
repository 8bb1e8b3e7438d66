import type { Clock } from "@binnacle/core/kit";
import type { ReadDocument } from "../rendering/create-object-describer.ts";

// The indexer loads a new object within seconds. An unchanged object it never loads.
const idleMs = 5_000;

/**
 * The redacted objects that were read a moment ago, so that the indexer need not read each new object a second time.
 * Bounded in bytes. The oldest leave first, and all leave once no object was put or taken for a while.
 */
export class RecentObjects {
  readonly #maxBytes: number;
  readonly #clock: Clock;
  readonly #objects: Map<string, ReadDocument> = new Map();
  #bytes = 0;
  #usedAt = 0;
  #isTiming = false;

  constructor(maxBytes: number, clock: Clock) {
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  put(documentId: string, document: ReadDocument): void {
    this.delete(documentId);
    this.#objects.set(documentId, document);
    this.#bytes += document.json.length;
    this.#usedAt = this.#clock.monotonicNow();
    if (!this.#isTiming) this.#time(idleMs);
    for (const id of this.#objects.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.delete(id);
    }
  }

  /** Returns the object if it is still here, and forgets it. A reader that is still at work keeps the others. */
  take(documentId: string): ReadDocument | undefined {
    const recent = this.#objects.get(documentId);
    this.#usedAt = this.#clock.monotonicNow();
    this.delete(documentId);
    return recent;
  }

  delete(documentId: string): void {
    const recent = this.#objects.get(documentId);
    if (recent === undefined) return;
    this.#bytes -= recent.json.length;
    this.#objects.delete(documentId);
  }

  clear(): void {
    this.#objects.clear();
    this.#bytes = 0;
  }

  #time(delayMs: number): void {
    this.#isTiming = true;
    this.#clock.startTimer(delayMs, () => {
      const leftMs = idleMs - (this.#clock.monotonicNow() - this.#usedAt);
      if (leftMs > 0 && this.#objects.size > 0) return this.#time(leftMs);
      this.#isTiming = false;
      this.clear();
    });
  }
}

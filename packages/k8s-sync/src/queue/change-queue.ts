import type { SourceChange } from "@binnacle/core";
import { abortable } from "@binnacle/core/kit";
import { ScopeQueue } from "./scope-queue.ts";

/**
 * The pending changes of all scopes, taken in turn, so that no scope waits for another. Bounded in bytes:
 * writers wait for room, and the objects that are already pending still coalesce.
 */
export class ChangeQueue {
  readonly #maxBytes: number;
  readonly #scopes: Map<string, ScopeQueue> = new Map();
  readonly #ready: Set<string> = new Set();
  readonly #first: SourceChange[] = [];
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #wakeReader = (): void => undefined;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Estimated size of the pending changes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Changes the queue of a scope. */
  update(scope: string, change: (queue: ScopeQueue) => void): void {
    const queue = this.#scopes.get(scope) ?? new ScopeQueue();
    this.#scopes.set(scope, queue);
    this.#count(queue, () => change(queue));
    if (!queue.isEmpty) this.#ready.add(scope);
    this.#wakeReader();
  }

  /** Adds a change that concerns all scopes. It overtakes the others. */
  announce(change: SourceChange): void {
    this.#first.push(change);
    this.#wakeReader();
  }

  /** Drops the pending changes of a scope that is gone. */
  drop(scope: string): void {
    this.#bytes -= this.#scopes.get(scope)?.bytes ?? 0;
    this.#scopes.delete(scope);
    this.#ready.delete(scope);
    this.#admit();
  }

  /** Ends the reader with this error, after the changes that are already pending. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeReader();
  }

  /** Wakes the reader, so that it asks again. */
  wake(): void {
    this.#wakeReader();
  }

  /** Resolves once the queue has room for more. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.#bytes >= this.#maxBytes) {
      this.#room ??= Promise.withResolvers();
      await abortable(this.#room.promise, signal);
    }
  }

  /** Removes and returns the next change. Undefined if no change is pending. */
  take(): SourceChange | undefined {
    const first = this.#first.shift();
    if (first !== undefined) return first;
    for (const scope of this.#ready) {
      const queue = this.#scopes.get(scope);
      this.#ready.delete(scope);
      if (queue === undefined) continue;
      const change = this.#count(queue, () => queue.take());
      if (!queue.isEmpty) this.#ready.add(scope);
      this.#admit();
      if (change !== undefined) return change;
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    return undefined;
  }

  /** Resolves when something was added since the last `take`. */
  async changed(signal: AbortSignal): Promise<void> {
    const waiting = new Promise<void>((resolve) => (this.#wakeReader = resolve));
    if (this.#ready.size > 0 || this.#first.length > 0 || this.#failure !== undefined) return;
    await abortable(waiting, signal);
  }

  #count<T>(queue: ScopeQueue, change: () => T): T {
    const before = queue.bytes;
    const result = change();
    this.#bytes += queue.bytes - before;
    return result;
  }

  #admit(): void {
    if (this.#bytes >= this.#maxBytes) return;
    this.#room?.resolve();
    this.#room = undefined;
  }
}

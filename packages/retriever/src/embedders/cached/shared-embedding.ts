import {
  BinnacleError,
  type Cache,
  type EmbedInput,
  type EmbedRole,
  type TokenUsage,
  type Embedder,
  type VectorSpace,
} from "@binnacle/core";
import { denseVectorIssue } from "@binnacle/core/kit";
import { vectorToBytes } from "./vector-bytes.ts";
import type { VectorReader } from "./vector-reader.ts";

/** What a shared embedding works with, and whom it tells. */
export interface SharedEmbeddingOptions {
  readonly embedder: Embedder;
  readonly cache: Cache;
  readonly reader: VectorReader;
  /** Whether callers may be given the same vectors, because none of them writes to one. */
  readonly isReadOnly: boolean;
  readonly ttlMs: number | undefined;
  readonly space: VectorSpace;
  readonly role: EmbedRole;
  readonly traceparent: string | undefined;
  /** Called when keys need no sharing any more: they are in the cache, or will never be. */
  readonly onRelease: (source: SharedEmbedding, keys: readonly string[]) => void;
  /** Called once the cache has answered. */
  readonly onLookup: (counts: LookupCounts) => void;
  /** Called when the cache broke its promise and rejected. */
  readonly onCacheError: () => void;
}

/** What the cache had. */
export interface LookupCounts {
  readonly hits: number;
  /** Distinct keys that it had not. */
  readonly misses: number;
  /** Keys equal to one of the misses. */
  readonly shared: number;
  readonly corrupt: number;
}

/** Slots of the keys that the cache had not, the first slot of each key first. */
type Missing = ReadonlyMap<string, readonly [number, ...number[]]>;

/**
 * One lookup of some keys, and at most one call of the model for those that are missing. Any number of callers may wait
 * for it; when the last of them has left before the end, the work is aborted.
 */
export class SharedEmbedding {
  /** Resolves when the new vectors are stored, or nothing will be. Never rejects. */
  readonly written: Promise<void>;
  readonly #options: SharedEmbeddingOptions;
  /** Keys, inputs and outcomes by slot. */
  readonly #keys: readonly string[];
  readonly #inputs: readonly EmbedInput[];
  #outcomes: (Float32Array | BinnacleError | undefined)[] = [];
  readonly #controller = new AbortController();
  readonly #lookup: Promise<Missing>;
  readonly #call: Promise<TokenUsage | undefined>;
  #missing: Missing | undefined;
  #joined = 0;
  #waiting = 0;
  #isAnswered = false;
  #isOver = false;

  /** Of `inputs` and their keys; a key may stand there twice. */
  constructor(keys: readonly string[], inputs: readonly EmbedInput[], options: SharedEmbeddingOptions) {
    this.#keys = keys;
    this.#inputs = inputs;
    this.#options = options;
    this.#lookup = this.#lookUp();
    this.#call = this.#lookup.then((missing) => this.#embed(missing));
    this.written = this.#call.then(
      () => this.#write(),
      // Each waiter is given the failure itself; the next caller asks the model again.
      () => this.#end(this.#keys),
    );
  }

  /** Whether no key of it can be joined any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The keys that can be joined, each with a slot of it. */
  *open(): Generator<readonly [key: string, slot: number]> {
    if (this.#isOver) return;
    if (this.#missing !== undefined) for (const [key, [slot]] of this.#missing) yield [key, slot];
    else for (const [slot, key] of this.#keys.entries()) yield [key, slot];
  }

  /** Counts a caller in. Each must `leave`. */
  join(): void {
    this.#joined += 1;
    this.#waiting += 1;
  }

  /** Counts a caller out. If nobody is left to wait for the model, its call ends, for the reason the last one left. */
  leave(reason: unknown): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || this.#isAnswered) return;
    this.#end(this.#keys);
    this.#controller.abort(reason);
  }

  /** Waits until one slot, or each without one, has its outcome: for the cache if that has it, or else for the model. */
  async settled(slot?: number): Promise<void> {
    const missing = await this.#lookup;
    if (slot === undefined ? missing.size > 0 : missing.has(this.#key(slot))) await this.#call;
  }

  /** What the model's call cost: no tokens where it was not asked, undefined where it does not say. */
  async usage(): Promise<TokenUsage | undefined> {
    return await this.#call;
  }

  /** The outcome of a settled slot; a vector is the caller's own, unless vectors are read only. */
  outcome(slot: number): Float32Array | BinnacleError {
    const outcome = this.#outcomes[slot];
    if (!(outcome instanceof Float32Array)) {
      return outcome ?? new BinnacleError("internal", "an embedding was read before it had settled");
    }
    const isTaken = this.#options.isReadOnly || this.#isOnlyReader(slot);
    return isTaken ? outcome : outcome.slice();
  }

  /** What was found in the cache nobody can join any more, so one caller remains one and needs no copy. */
  #isOnlyReader(slot: number): boolean {
    return this.#joined === 1 && this.#missing?.has(this.#key(slot)) === false;
  }

  async #lookUp(): Promise<Missing> {
    const { cache, reader, space, onRelease, onLookup, onCacheError } = this.#options;
    const { signal } = this.#controller;
    const keys = this.#keys;
    let values: readonly (Uint8Array | undefined)[] = [];
    try {
      values = await cache.getMany(keys, { signal });
      this.#outcomes = reader.read(values, space.dimensions);
    } catch {
      // Rejected, threw, or answered with what are no values: whatever it is, the model can be asked instead.
      if (!signal.aborted) onCacheError();
      values = [];
    }
    signal.throwIfAborted();
    const missing = new Map<string, [number, ...number[]]>();
    let hits = 0;
    let corrupt = 0;
    for (const [slot, key] of keys.entries()) {
      if (this.#outcomes[slot] !== undefined) {
        hits += 1;
        continue;
      }
      const slots = missing.get(key);
      if (slots !== undefined) slots.push(slot);
      else {
        missing.set(key, [slot]);
        if (values[slot] !== undefined) corrupt += 1;
      }
    }
    this.#missing = missing;
    this.#isOver = missing.size === 0;
    onLookup({ hits, misses: missing.size, shared: keys.length - hits - missing.size, corrupt });
    onRelease(this, missing.size === 0 ? keys : keys.filter((key) => !missing.has(key)));
    return missing;
  }

  async #embed(missing: Missing): Promise<TokenUsage | undefined> {
    if (missing.size === 0) {
      this.#isAnswered = true;
      return { tokens: 0 };
    }
    const { embedder, role, traceparent, space } = this.#options;
    const inputs = [...missing.values()].flatMap(([slot]) => this.#inputs[slot] ?? []);
    const result = await embedder.embed(inputs, { role, traceparent, signal: this.#controller.signal });
    if (result.spaceId !== space.id) throw spaceChanged(space.id, result.spaceId);
    for (const [index, slots] of [...missing.values()].entries()) {
      const outcome = checked(result.outcomes[index], space.dimensions);
      for (const slot of slots) this.#outcomes[slot] = outcome;
    }
    this.#isAnswered = true;
    return result.usage;
  }

  async #write(): Promise<void> {
    const { cache, ttlMs, onCacheError } = this.#options;
    const missing = await this.#lookup;
    const entries = [...missing].flatMap(([key, [slot]]) => {
      const outcome = this.#outcomes[slot];
      return outcome instanceof Float32Array ? [[key, vectorToBytes(outcome)] as const] : [];
    });
    try {
      if (entries.length > 0) await cache.setMany(entries, { ttlMs });
    } catch {
      onCacheError();
    }
    this.#end([...missing.keys()]);
  }

  /** From here on nobody joins; `keys` are those that could have been until now. */
  #end(keys: readonly string[]): void {
    this.#isOver = true;
    this.#options.onRelease(this, keys);
  }

  #key(slot: number): string {
    return this.#keys[slot] ?? "";
  }
}

function checked(
  outcome: Float32Array | BinnacleError | undefined,
  dimensions: number,
): Float32Array | BinnacleError {
  if (outcome instanceof Float32Array) return denseVectorIssue(outcome, dimensions) ?? outcome;
  return (
    outcome ??
    new BinnacleError("invalid_response", "the embedder returned fewer outcomes than it was given inputs")
  );
}

/** The server was given another model since it was asked. Code `space_changed`; retryable. */
function spaceChanged(expected: string, got: string): BinnacleError {
  return new BinnacleError(
    "space_changed",
    `the embedder said its space is "${expected}" and then embedded into "${got}"; ask it again`,
    { retryable: true },
  );
}

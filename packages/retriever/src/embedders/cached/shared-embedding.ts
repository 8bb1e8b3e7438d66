import {
  BinnacleError,
  type Cache,
  type EmbedInput,
  type EmbedRole,
  type EmbedUsage,
  type Embedder,
  type VectorSpace,
} from "@binnacle/core";
import { denseVectorIssue } from "@binnacle/core/kit";
import { isVectorBytes, vectorFromBytes, vectorOverBytes, vectorToBytes } from "./vector-bytes.ts";

/** What a shared embedding works with, and whom it tells. */
export interface SharedEmbeddingOptions {
  readonly embedder: Embedder;
  readonly cache: Cache;
  readonly ttlMs: number | undefined;
  readonly space: VectorSpace;
  readonly role: EmbedRole;
  readonly traceparent: string | undefined;
  /** Called when keys need no sharing any more: they are in the cache, or will never be. */
  readonly onRelease: (keys: Iterable<string>) => void;
  /** Called once the cache has answered. */
  readonly onLookup: (missing: ReadonlySet<string>, corrupt: number) => void;
  /** Called when the cache broke its promise and rejected. */
  readonly onCacheError: () => void;
}

/**
 * One lookup of some keys, and at most one call of the model for those that are missing. Any number of callers may wait
 * for it; when the last of them has left before the end, the work is aborted.
 */
export class SharedEmbedding {
  /** Resolves when the new vectors are stored, or nothing will be. Never rejects. */
  readonly written: Promise<void>;
  readonly #options: SharedEmbeddingOptions;
  readonly #inputs: ReadonlyMap<string, EmbedInput>;
  readonly #controller = new AbortController();
  /** Vectors as bytes, so that each caller is given one of its own; as a vector once the only caller has it. */
  readonly #outcomes = new Map<string, Uint8Array | Float32Array | BinnacleError>();
  #missing: ReadonlySet<string> = new Set();
  readonly #lookup: Promise<ReadonlySet<string>>;
  readonly #call: Promise<EmbedUsage | undefined>;
  #joined = 0;
  #waiting = 0;
  #isAnswered = false;

  constructor(inputs: ReadonlyMap<string, EmbedInput>, options: SharedEmbeddingOptions) {
    this.#inputs = inputs;
    this.#options = options;
    this.#lookup = this.#lookUp();
    this.#call = this.#lookup.then((missing) => this.#embed([...missing]));
    this.written = this.#call.then(
      () => this.#write(),
      // Each waiter is given the failure itself; the next caller asks the model again.
      () => this.#options.onRelease(this.#inputs.keys()),
    );
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
    this.#options.onRelease(this.#inputs.keys());
    this.#controller.abort(reason);
  }

  /** Waits until these keys have outcomes: for the cache if it has them all, or else for the model. */
  async settled(keys: readonly string[] | "all"): Promise<void> {
    const missing = await this.#lookup;
    if (keys === "all" ? missing.size > 0 : keys.some((key) => missing.has(key))) await this.#call;
  }

  /** What the model's call cost: no tokens where it was not asked, undefined where it does not say. */
  async usage(): Promise<EmbedUsage | undefined> {
    return await this.#call;
  }

  /** The outcome of a settled key; a vector is the caller's own. */
  outcome(key: string): Float32Array | BinnacleError {
    const outcome = this.#outcomes.get(key);
    if (outcome instanceof Float32Array) return outcome.slice();
    if (!(outcome instanceof Uint8Array)) {
      return outcome ?? new BinnacleError("internal", "an embedding was read before it had settled");
    }
    // What was found in the cache nobody can join any more, so one caller remains one and needs no copy.
    if (this.#joined > 1 || this.#missing.has(key)) return vectorFromBytes(outcome);
    const vector = vectorOverBytes(outcome);
    this.#outcomes.set(key, vector);
    return vector;
  }

  async #lookUp(): Promise<ReadonlySet<string>> {
    const { cache, space, onRelease, onLookup, onCacheError } = this.#options;
    const { signal } = this.#controller;
    const keys = [...this.#inputs.keys()];
    const values = await cache.getMany(keys, { signal }).catch((): readonly undefined[] => {
      if (!signal.aborted) onCacheError();
      return [];
    });
    signal.throwIfAborted();
    const missing = new Set<string>();
    let corrupt = 0;
    keys.forEach((key, index) => {
      const value = values[index];
      if (value !== undefined && isVectorBytes(value, space.dimensions)) {
        this.#outcomes.set(key, value);
        return;
      }
      if (value !== undefined) corrupt += 1;
      missing.add(key);
    });
    this.#missing = missing;
    onLookup(missing, corrupt);
    onRelease(this.#outcomes.keys());
    return missing;
  }

  async #embed(missing: readonly string[]): Promise<EmbedUsage | undefined> {
    if (missing.length === 0) {
      this.#isAnswered = true;
      return { tokens: 0 };
    }
    const { embedder, role, traceparent, space } = this.#options;
    const inputs = missing.flatMap((key) => this.#inputs.get(key) ?? []);
    const result = await embedder.embed(inputs, { role, traceparent, signal: this.#controller.signal });
    if (result.spaceId !== space.id) throw spaceChanged(space.id, result.spaceId);
    missing.forEach((key, index) => this.#outcomes.set(key, this.#sound(result.outcomes[index])));
    this.#isAnswered = true;
    return result.usage;
  }

  #sound(outcome: Float32Array | BinnacleError | undefined): Uint8Array | BinnacleError {
    if (outcome === undefined) {
      return new BinnacleError(
        "invalid_response",
        "the embedder returned fewer outcomes than it was given inputs",
      );
    }
    if (!(outcome instanceof Float32Array)) return outcome;
    return denseVectorIssue(outcome, this.#options.space.dimensions) ?? vectorToBytes(outcome);
  }

  async #write(): Promise<void> {
    const { cache, ttlMs, onCacheError, onRelease } = this.#options;
    const entries: (readonly [string, Uint8Array])[] = [];
    for (const key of this.#missing) {
      const outcome = this.#outcomes.get(key);
      if (outcome instanceof Uint8Array) entries.push([key, outcome]);
    }
    if (entries.length > 0) await cache.setMany(entries, { ttlMs }).catch(onCacheError);
    onRelease(this.#missing);
  }
}

/** The server was given another model since it was asked. Code `space_changed`; retryable. */
function spaceChanged(expected: string, got: string): BinnacleError {
  return new BinnacleError(
    "space_changed",
    `the embedder said its space is "${expected}" and then embedded into "${got}"; ask it again`,
    { retryable: true },
  );
}

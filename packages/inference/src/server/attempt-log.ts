import { BinnacleError, InferenceError, type AttemptRecord } from "@binnacle/core";

/** Records every failed attempt of one call. */
export class AttemptLog {
  readonly #replica: string;
  readonly #records: AttemptRecord[] = [];
  #startedAt: number | undefined;

  constructor(replica: string) {
    this.#replica = replica;
  }

  /** All failed attempts so far. */
  get records(): readonly AttemptRecord[] {
    return [...this.#records];
  }

  /** Marks the start of an attempt. */
  begin(): void {
    this.#startedAt = performance.now();
  }

  /** Records that the current attempt failed. Does nothing if no attempt has begun. */
  fail(error: unknown): void {
    if (this.#startedAt === undefined) return;
    const afterMs = Math.round(performance.now() - this.#startedAt);
    this.#startedAt = undefined;
    this.#records.push({ replica: this.#replica, kind: kindOf(error), afterMs });
  }
}

/** Returns the `kind` of an attempt's record. */
export function kindOf(error: unknown): string {
  if (InferenceError.isInstance(error)) return error.kind;
  return BinnacleError.isInstance(error) ? error.code : "unknown";
}

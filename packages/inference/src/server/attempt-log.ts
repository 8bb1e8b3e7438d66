import { BinnacleError, InferenceError, type AttemptRecord } from "@binnacle/core";

/** Keeps a record of every failed attempt of one call. */
export class AttemptLog {
  readonly #replica: string;
  readonly #records: AttemptRecord[] = [];
  #startedAt: number | undefined;

  constructor(replica: string) {
    this.#replica = replica;
  }

  /** Every failed attempt so far. */
  get records(): readonly AttemptRecord[] {
    return [...this.#records];
  }

  /** An attempt starts now. */
  begin(): void {
    this.#startedAt = performance.now();
  }

  /** The attempt under way has failed; nothing if none is. */
  fail(error: unknown): void {
    if (this.#startedAt === undefined) return;
    const afterMs = Math.round(performance.now() - this.#startedAt);
    this.#startedAt = undefined;
    this.#records.push({ replica: this.#replica, kind: kindOf(error), afterMs });
  }
}

function kindOf(error: unknown): string {
  if (InferenceError.isInstance(error)) return error.kind;
  return BinnacleError.isInstance(error) ? error.code : "unknown";
}

import type { BinnacleError } from "@binnacle/core";
import type { ScopeDrift } from "./scope-drift.ts";

/** How well the source keeps up with one scope. */
export interface ScopeStatus {
  readonly scope: string;
  /** `pending`: nothing is known yet. `listing`: it is being listed. `watching`: it is in step. `degraded`:
   * see `error`. */
  readonly state: "pending" | "listing" | "watching" | "degraded";
  /** Epoch milliseconds up to which every change was reported. Undefined if it is not known. */
  readonly asOf?: number | undefined;
  /** Epoch milliseconds of the last change of an object. Undefined if none came. */
  readonly lastEventAt?: number | undefined;
  /** Complete lists since the run began. */
  readonly lists: number;
  /** Objects that were seen in this run. */
  readonly objects: number;
  /** The last comparison with a list of metadata. Undefined before the first, see `reconcileMs`. */
  readonly drift?: ScopeDrift | undefined;
  /** Why the scope is degraded. */
  readonly error?: BinnacleError | undefined;
}

/** Keeps the status of one scope. */
export class ScopeState {
  #state: ScopeStatus["state"] = "pending";
  #asOf: number | undefined;
  #lastEventAt: number | undefined;
  #lists = 0;
  #error: BinnacleError | undefined;
  #drift: ScopeDrift | undefined;

  get snapshot(): Omit<ScopeStatus, "scope" | "objects"> {
    return {
      state: this.#state,
      asOf: this.#asOf,
      lastEventAt: this.#lastEventAt,
      lists: this.#lists,
      drift: this.#drift,
      error: this.#error,
    };
  }

  listing(): void {
    this.#state = "listing";
  }

  complete(): void {
    this.#lists += 1;
  }

  event(at: number): void {
    this.#lastEventAt = at;
  }

  current(asOf: number): void {
    this.#state = "watching";
    this.#asOf = asOf;
    this.#error = undefined;
  }

  drift(drift: ScopeDrift): void {
    this.#drift = drift;
  }

  degraded(error: BinnacleError): void {
    this.#state = "degraded";
    this.#error = error;
  }
}

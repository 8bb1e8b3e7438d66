import type { BinnacleError } from "@binnacle/core";
import { startListing, unknownScope, type Listing } from "./listing.ts";

/** How far a scope's last listing came. `refused`: whole, but what it did not show was too much to remove unasked. */
export type ListingState = "started" | "complete" | "aborted" | "refused";

interface ScopeState {
  readonly listing: Listing;
  readonly state: ListingState;
  readonly refusal?: BinnacleError | undefined;
}

/** The listings of one run: each scope's last one counts. */
export class ScopeListings {
  readonly #scopes: Map<string, ScopeState> = new Map();

  /** Whether every listing that began was whole and is taken over: what the source said is then all there is. */
  get areComplete(): boolean {
    return [...this.#scopes].every(([scope, { state }]) => state === "complete" || scope === unknownScope);
  }

  /** Whether there was no listing at all. */
  get areNone(): boolean {
    return this.#scopes.size === 0;
  }

  /** Scopes whose listing began and did not end. */
  get unfinished(): readonly string[] {
    return [...this.#scopes].filter(([, { state }]) => state === "started").map(([scope]) => scope);
  }

  /** The first refusal that no later listing took back. */
  get refusal(): BinnacleError | undefined {
    return [...this.#scopes.values()].find(({ state }) => state === "refused")?.refusal;
  }

  /** Begins a listing of the scope. */
  start(scope: string): void {
    this.#scopes.set(scope, { listing: startListing(scope), state: "started" });
  }

  /** Ends the scope's listing. */
  end(scope: string, state: Exclude<ListingState, "started" | "refused">): void {
    this.#set(scope, state);
  }

  /** Ends the scope's listing: it was whole, and what it asked for is refused. */
  refuse(scope: string, refusal: BinnacleError): void {
    this.#set(scope, "refused", refusal);
  }

  /** The scope's last listing, if there was one. */
  listing(scope: string): Listing | undefined {
    return this.#scopes.get(scope)?.listing;
  }

  /** How far it came. */
  state(scope: string): ListingState | undefined {
    return this.#scopes.get(scope)?.state;
  }

  #set(scope: string, state: ListingState, refusal?: BinnacleError): void {
    this.#scopes.set(scope, { listing: this.listing(scope) ?? startListing(scope), state, refusal });
  }
}

import type { BinnacleError } from "@binnacle/core";
import type { ScopeStatus } from "../report/follow-status.ts";
import { startListing, unknownScope, type Listing } from "../run/listing.ts";
import { reason } from "../run/tally.ts";

interface ScopeRecord {
  readonly state: ScopeStatus["state"];
  /** The last listing. */
  readonly listing?: Listing | undefined;
  /** True if the source resumed the scope, or a listing of it has ended. */
  readonly isSettled: boolean;
  readonly asOf?: number | undefined;
  /** Why the listing failed or was refused. */
  readonly error?: BinnacleError | undefined;
  /** Why the source reports the scope as degraded. */
  readonly degraded?: BinnacleError | undefined;
}

function isSettledNow({ isSettled, state, degraded }: ScopeRecord): boolean {
  return isSettled || (state === "pending" && degraded !== undefined);
}

const unheard: ScopeRecord = { state: "pending", isSettled: false };

/** The state of each scope of a source in one run. The last listing of a scope counts. */
export class SourceScopes {
  readonly #scopes: Map<string, ScopeRecord> = new Map();
  #named: ReadonlySet<string> | undefined;

  constructor(resumed: Iterable<string>) {
    for (const scope of resumed) this.#scopes.set(scope, { state: "current", isSettled: true });
  }

  /** The scopes that the source has, if it named them. */
  get named(): ReadonlySet<string> | undefined {
    return this.#named;
  }

  get isEmpty(): boolean {
    return this.#scopes.size === 0;
  }

  /**
   * True if every scope was resumed, or its listing has ended, or the source reports it as degraded before it
   * lists it. A scope that the source may not read would otherwise never let the run follow.
   */
  get areSettled(): boolean {
    const records = [...this.#scopes.values()];
    return records.length > 0 && records.every(isSettledNow);
  }

  /** True if every scope was listed completely in this run. The source has then shown all its documents. */
  get areListed(): boolean {
    const records = [...this.#scopes].filter(([scope]) => scope !== unknownScope);
    return (
      records.length > 0 &&
      records.every(([, { state, listing }]) => state === "current" && listing !== undefined)
    );
  }

  /** Returns the scopes in a state. */
  in(state: ScopeStatus["state"]): readonly string[] {
    return [...this.#scopes].filter(([, record]) => record.state === state).map(([scope]) => scope);
  }

  /** The first refusal that no later listing cancelled. */
  get refusal(): BinnacleError | undefined {
    return [...this.#scopes.values()].find(({ state }) => state === "refused")?.error;
  }

  /** The degraded scopes, with the reason. */
  get degraded(): readonly (readonly [scope: string, error: BinnacleError])[] {
    return [...this.#scopes].flatMap(([scope, { degraded }]) =>
      degraded ? [[scope, degraded] as const] : [],
    );
  }

  /** The status of each scope, in the order in which the source first named them. */
  get status(): readonly ScopeStatus[] {
    return Array.from(this.#scopes, ([scope, { state, asOf, error, degraded }]) => {
      const why = degraded ?? error;
      return { scope, state, isDegraded: degraded !== undefined, asOf, error: why && reason(why) };
    });
  }

  /** Returns the scope's last listing, if there was one. */
  listing(scope: string): Listing | undefined {
    return this.#scopes.get(scope)?.listing;
  }

  state(scope: string): ScopeStatus["state"] | undefined {
    return this.#scopes.get(scope)?.state;
  }

  /** Sets the scopes that the source has. */
  name(scopes: readonly string[]): void {
    this.#named = new Set(scopes);
    for (const scope of scopes) if (!this.#scopes.has(scope)) this.#scopes.set(scope, unheard);
    for (const scope of this.#scopes.keys()) if (!this.#named.has(scope)) this.#scopes.delete(scope);
  }

  /** Starts a listing of the scope. */
  start(scope: string): void {
    this.#set(scope, { state: "listing", listing: startListing(scope), error: undefined });
  }

  /** Ends a listing that is complete and taken over. */
  complete(scope: string): void {
    const asOf = this.listing(scope)?.startedAt;
    this.#set(scope, { state: "current", isSettled: true, error: undefined, asOf });
  }

  /** Ends a listing that failed. */
  abort(scope: string, error: BinnacleError): void {
    this.#set(scope, { state: "incomplete", isSettled: true, error });
  }

  /** Ends a listing, or a scope, whose deletions are refused. */
  refuse(scope: string, refusal: BinnacleError): void {
    this.#set(scope, { state: "refused", isSettled: true, error: refusal });
  }

  degrade(scope: string, error: BinnacleError): void {
    this.#set(scope, { degraded: error });
  }

  /** Sets the time up to which all changes are applied. */
  current(scope: string, asOf: number): void {
    const latest = Math.max(asOf, this.#scopes.get(scope)?.asOf ?? 0);
    this.#set(scope, { asOf: latest, degraded: undefined });
  }

  /** Forgets a scope that is gone. */
  drop(scope: string): void {
    this.#scopes.delete(scope);
  }

  #set(scope: string, changes: Partial<ScopeRecord>): void {
    this.#scopes.set(scope, { ...(this.#scopes.get(scope) ?? unheard), ...changes });
  }
}

import type { BinnacleError } from "@binnacle/core";
import type { ScopeStatus } from "../report/follow-status.ts";
import { startListing, unknownScope, type Listing } from "../run/listing.ts";
import { reason } from "../run/tally.ts";

interface ScopeRecord {
  readonly state: ScopeStatus["state"];
  /** The last listing. */
  readonly listing?: Listing | undefined;
  /** True if the source resumed it, or a listing of it came to an end. */
  readonly isSettled: boolean;
  readonly asOf?: number | undefined;
  /** Why the listing broke off or was refused. */
  readonly error?: BinnacleError | undefined;
  /** Why the source says that it works less well than it should. */
  readonly degraded?: BinnacleError | undefined;
}

const unheard: ScopeRecord = { state: "pending", isSettled: false };

/** How the scopes of a source are doing in one run: each scope's last listing counts. */
export class SourceScopes {
  readonly #scopes: Map<string, ScopeRecord> = new Map();
  #named: ReadonlySet<string> | undefined;

  constructor(resumed: Iterable<string>) {
    for (const scope of resumed) this.#scopes.set(scope, { state: "current", isSettled: true });
  }

  /** The scopes that the source says it has; undefined if it did not say. */
  get named(): ReadonlySet<string> | undefined {
    return this.#named;
  }

  get isEmpty(): boolean {
    return this.#scopes.size === 0;
  }

  /** True if every scope was resumed, or listed as far as it could be. */
  get areSettled(): boolean {
    return this.#scopes.size > 0 && [...this.#scopes.values()].every(({ isSettled }) => isSettled);
  }

  /** True if every scope was listed whole in this run: what the source showed is then all there is. */
  get areListed(): boolean {
    const records = [...this.#scopes].filter(([scope]) => scope !== unknownScope);
    return (
      records.length > 0 &&
      records.every(([, { state, listing }]) => state === "current" && listing !== undefined)
    );
  }

  /** Scopes in a state. */
  in(state: ScopeStatus["state"]): readonly string[] {
    return [...this.#scopes].filter(([, record]) => record.state === state).map(([scope]) => scope);
  }

  /** The first refusal that no later listing took back. */
  get refusal(): BinnacleError | undefined {
    return [...this.#scopes.values()].find(({ state }) => state === "refused")?.error;
  }

  /** Scopes that work less well than they should, and why. */
  get degraded(): readonly (readonly [scope: string, error: BinnacleError])[] {
    return [...this.#scopes].flatMap(([scope, { degraded }]) =>
      degraded ? [[scope, degraded] as const] : [],
    );
  }

  /** The scopes in the order in which the source first named them. */
  get status(): readonly ScopeStatus[] {
    return Array.from(this.#scopes, ([scope, { state, asOf, error, degraded }]) => {
      const why = degraded ?? error;
      return { scope, state, isDegraded: degraded !== undefined, asOf, error: why && reason(why) };
    });
  }

  /** The scope's last listing, if there was one. */
  listing(scope: string): Listing | undefined {
    return this.#scopes.get(scope)?.listing;
  }

  state(scope: string): ScopeStatus["state"] | undefined {
    return this.#scopes.get(scope)?.state;
  }

  /** The source says which scopes it has. */
  name(scopes: readonly string[]): void {
    this.#named = new Set(scopes);
    for (const scope of scopes) if (!this.#scopes.has(scope)) this.#scopes.set(scope, unheard);
    for (const scope of this.#scopes.keys()) if (!this.#named.has(scope)) this.#scopes.delete(scope);
  }

  /** Begins a listing of the scope. */
  start(scope: string): void {
    this.#set(scope, { state: "listing", listing: startListing(scope), error: undefined });
  }

  /** The scope's listing is whole and taken over. */
  complete(scope: string): void {
    const asOf = this.listing(scope)?.startedAt;
    this.#set(scope, { state: "current", isSettled: true, error: undefined, asOf });
  }

  /** The scope's listing broke off. */
  abort(scope: string, error: BinnacleError): void {
    this.#set(scope, { state: "incomplete", isSettled: true, error });
  }

  /** The scope's listing was whole, or the scope is gone, and what that asks for is refused. */
  refuse(scope: string, refusal: BinnacleError): void {
    this.#set(scope, { state: "refused", isSettled: true, error: refusal });
  }

  degrade(scope: string, error: BinnacleError): void {
    this.#set(scope, { degraded: error });
  }

  /** Everything until `asOf` is applied. */
  current(scope: string, asOf: number): void {
    const latest = Math.max(asOf, this.#scopes.get(scope)?.asOf ?? 0);
    this.#set(scope, { asOf: latest, degraded: undefined });
  }

  /** The scope is gone. */
  drop(scope: string): void {
    this.#scopes.delete(scope);
  }

  #set(scope: string, changes: Partial<ScopeRecord>): void {
    this.#scopes.set(scope, { ...(this.#scopes.get(scope) ?? unheard), ...changes });
  }
}

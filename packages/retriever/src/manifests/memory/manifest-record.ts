import { BinnacleError } from "@binnacle/core";
import { EntryMap } from "../shared/entry-map.ts";

interface Lease {
  readonly token: number;
  readonly expiresAt: number;
}

/** The record of one source of one tenant in one collection, with its lease. */
export class ManifestRecord {
  readonly entries: EntryMap = new EntryMap();
  /** Checkpoints by scope. */
  readonly resume: Map<string, string> = new Map();
  epoch: string | undefined;
  readonly #sourceId: string;
  readonly #now: () => number;
  #incarnation: string | undefined;
  #lease: Lease | undefined;
  #lastToken = 0;

  constructor(sourceId: string, now: () => number) {
    this.#sourceId = sourceId;
    this.#now = now;
  }

  /** True if nothing was recorded for the incarnation of the binding. */
  get isEmpty(): boolean {
    return this.entries.size === 0 && this.resume.size === 0 && this.epoch === undefined;
  }

  /**
   * Takes the lease and returns its token, which is above the given token. Throws code `lease_held` during
   * another lease.
   */
  acquire(leaseMs: number, tokenAbove: number): number {
    const now = this.#now();
    if (this.#lease && this.#lease.expiresAt > now)
      throw new BinnacleError(
        "lease_held",
        `another session is indexing source "${this.#sourceId}"; its lease ends in ${this.#lease.expiresAt - now} ms unless renewed, try again then`,
        { retryable: true },
      );
    // The clock keeps tokens growing even if the record was lost.
    this.#lastToken = Math.max(this.#lastToken + 1, tokenAbove + 1, now);
    this.#lease = { token: this.#lastToken, expiresAt: now + leaseMs };
    return this.#lastToken;
  }

  /** Returns true if the entries are of this incarnation. */
  isOf(incarnation: string): boolean {
    return this.#incarnation === incarnation;
  }

  /** Forgets the entries of another incarnation. */
  bind(incarnation: string): void {
    if (this.#incarnation === incarnation) return;
    this.#incarnation = incarnation;
    this.entries.clear();
    this.resume.clear();
    this.epoch = undefined;
  }

  /** Returns true if no other session took the lease since. A late holder that was not replaced keeps it. */
  isHeldBy(token: number): boolean {
    return this.#lease?.token === token;
  }

  /** Renews the lease if it is still the holder's. */
  renew(token: number, leaseMs: number): boolean {
    const isHeld = this.isHeldBy(token);
    if (isHeld) this.#lease = { token, expiresAt: this.#now() + leaseMs };
    return isHeld;
  }

  /** Ends the lease if it is still the holder's. */
  release(token: number): void {
    if (this.isHeldBy(token)) this.#lease = undefined;
  }

  /** Throws code `lease_lost` unless the holder still has the lease. */
  require(token: number): void {
    if (this.isHeldBy(token)) return;
    throw new BinnacleError(
      "lease_lost",
      `the lease on source "${this.#sourceId}" ran out and another session took it; open a new session`,
    );
  }
}

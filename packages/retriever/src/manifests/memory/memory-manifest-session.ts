import {
  BinnacleError,
  type CallOptions,
  type ManifestConfirmOptions,
  type ManifestEntry,
  type ManifestListOptions,
  type ManifestPlace,
  type ManifestPutOptions,
  type ManifestScope,
  type ManifestSession,
  type ManifestShown,
} from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import { checkEntries } from "../shared/check-manifest.ts";
import type { EntryMap } from "../shared/entry-map.ts";
import type { ManifestRecord } from "./manifest-record.ts";
import { copyEntry, MemoryManifestView } from "./memory-manifest-view.ts";

/** The parts of a session. */
export interface MemoryManifestSessionParts {
  readonly record: ManifestRecord;
  readonly token: number;
  readonly incarnation: string;
  readonly leaseMs: number;
  readonly onClose: () => void;
}

/**
 * A session with the lease on one record. It renews the lease three times in its length until it is closed.
 */
export class MemoryManifestSession implements ManifestSession {
  readonly token: number;
  readonly isNew: boolean;
  readonly #record: ManifestRecord;
  readonly #incarnation: string;
  readonly #leaseMs: number;
  readonly #view: MemoryManifestView;
  readonly #renewal: NodeJS.Timeout;
  readonly #onClose: () => void;
  #expiresAt: number;
  #closed = false;

  constructor({ record, token, incarnation, leaseMs, onClose }: MemoryManifestSessionParts) {
    this.token = token;
    this.isNew = record.isEmpty || !record.isOf(incarnation);
    this.#record = record;
    this.#incarnation = incarnation;
    this.#leaseMs = leaseMs;
    this.#expiresAt = Date.now() + leaseMs;
    this.#view = new MemoryManifestView((options) => this.#entriesOf(options));
    this.#onClose = onClose;
    this.#renewal = setInterval(() => this.#prolong(), Math.max(1, Math.floor(leaseMs / 3)));
    // A forgotten session must not keep the process alive.
    this.#renewal.unref();
  }

  get expiresAt(): number {
    return this.#expiresAt;
  }

  get resume(): ReadonlyMap<string, string> {
    return new Map(this.#isBound ? this.#record.resume : []);
  }

  get epoch(): string | undefined {
    return this.#isBound ? this.#record.epoch : undefined;
  }

  async renew(options?: CallOptions): Promise<void> {
    this.#check(options);
    this.#prolong();
  }

  get(
    documentIds: readonly string[],
    options?: CallOptions,
  ): Promise<readonly (ManifestEntry | undefined)[]> {
    return this.#view.get(documentIds, options);
  }

  find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]> {
    return this.#view.find(contentHashes, options);
  }

  list(options?: ManifestListOptions): AsyncIterable<ManifestEntry> {
    return this.#view.list(options);
  }

  count(options?: ManifestListOptions): Promise<number> {
    return this.#view.count(options);
  }

  scopes(options?: CallOptions): Promise<readonly ManifestScope[]> {
    return this.#view.scopes(options);
  }

  async put(entries: readonly ManifestEntry[], options?: ManifestPutOptions): Promise<void> {
    this.#check(options);
    checkEntries("ManifestSession.put", entries);
    this.#record.bind(this.#incarnation);
    for (const entry of entries) this.#record.entries.set(copyEntry(entry));
    for (const [scope, checkpoint] of options?.resume ?? []) {
      if (checkpoint === undefined) this.#record.resume.delete(scope);
      else this.#record.resume.set(scope, checkpoint);
    }
    if (options?.epoch !== undefined) this.#record.epoch = options.epoch;
  }

  async forget(documentIds: readonly string[], options?: CallOptions): Promise<void> {
    const entries = this.#entriesOf(options);
    for (const id of documentIds) entries?.delete(id);
  }

  async confirm(
    shown: readonly ManifestShown[],
    options: ManifestConfirmOptions,
  ): Promise<readonly (number | undefined)[]> {
    const entries = this.#entriesOf(options);
    return shown.map(({ documentId, scope, version }) => {
      const entry = entries?.get(documentId);
      if (entry?.state !== "stored" || entry.config !== options.config) return undefined;
      if (entry.scope !== scope || entry.version !== version) return undefined;
      if (options.seenIn !== undefined) entries?.set({ ...entry, seenIn: options.seenIn });
      return entry.slots.length;
    });
  }

  async seen(documentIds: readonly string[], seenIn: string, options?: CallOptions): Promise<void> {
    const entries = this.#entriesOf(options);
    for (const id of documentIds) {
      const entry = entries?.get(id);
      if (entry) entries?.set({ ...entry, seenIn });
    }
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      clearInterval(this.#renewal);
      this.#record.release(this.token);
      this.#onClose();
    }
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #isBound(): boolean {
    return this.#record.isOf(this.#incarnation);
  }

  /** Returns the entries of the session's own incarnation. */
  #entriesOf(options?: CallOptions): EntryMap | undefined {
    this.#check(options);
    return this.#isBound ? this.#record.entries : undefined;
  }

  #prolong(): void {
    const expiresAt = Date.now() + this.#leaseMs;
    if (this.#record.renew(this.token, this.#leaseMs)) this.#expiresAt = expiresAt;
  }

  #check(options?: CallOptions): void {
    if (this.#closed) throw new BinnacleError("closed", "the manifest session is closed; open a new one");
    checkCall(options);
    this.#record.require(this.token);
  }
}

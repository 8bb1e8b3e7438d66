import {
  BinnacleError,
  type CallOptions,
  type ManifestEntry,
  type ManifestListOptions,
  type ManifestPlace,
  type ManifestPutOptions,
  type ManifestSession,
} from "@binnacle/core";
import { byCodePoint } from "../../code-point-order.ts";
import { checkCall } from "../../stores/shared/check-call.ts";
import { checkEntries } from "../shared/check-manifest.ts";
import type { ManifestRecord } from "./manifest-record.ts";

/** What a session is made of. */
export interface MemoryManifestSessionParts {
  readonly record: ManifestRecord;
  readonly token: number;
  readonly incarnation: string;
  readonly leaseMs: number;
  readonly onClose: () => void;
}

/** A lease on one record; renews itself three times in its length until it is closed. */
export class MemoryManifestSession implements ManifestSession {
  readonly token: number;
  readonly isNew: boolean;
  readonly #record: ManifestRecord;
  readonly #incarnation: string;
  readonly #renewal: NodeJS.Timeout;
  readonly #onClose: () => void;
  #closed = false;

  constructor({ record, token, incarnation, leaseMs, onClose }: MemoryManifestSessionParts) {
    this.token = token;
    this.isNew = record.isEmpty || !record.isOf(incarnation);
    this.#record = record;
    this.#incarnation = incarnation;
    this.#onClose = onClose;
    this.#renewal = setInterval(() => record.renew(token, leaseMs), Math.max(1, Math.floor(leaseMs / 3)));
    // A forgotten session must not keep the process alive.
    this.#renewal.unref();
  }

  get resume(): string | undefined {
    return this.#isBound ? this.#record.resume : undefined;
  }

  get epoch(): string | undefined {
    return this.#isBound ? this.#record.epoch : undefined;
  }

  async get(
    documentIds: readonly string[],
    options?: CallOptions,
  ): Promise<readonly (ManifestEntry | undefined)[]> {
    this.#check(options);
    return documentIds.map((id) => {
      const entry = this.#find(id);
      return entry && copyEntry(entry);
    });
  }

  async find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]> {
    this.#check(options);
    return this.#isBound ? [...new Set(contentHashes)].flatMap((hash) => this.#record.find(hash)) : [];
  }

  async put(entries: readonly ManifestEntry[], options?: ManifestPutOptions): Promise<void> {
    this.#check(options);
    checkEntries("ManifestSession.put", entries);
    this.#record.bind(this.#incarnation);
    for (const entry of entries) this.#record.set(copyEntry(entry));
    if (options?.resume !== undefined) this.#record.resume = options.resume;
    if (options?.epoch !== undefined) this.#record.epoch = options.epoch;
  }

  async forget(documentIds: readonly string[], options?: CallOptions): Promise<void> {
    this.#check(options);
    if (!this.#isBound) return;
    for (const id of documentIds) this.#record.delete(id);
  }

  async seen(documentIds: readonly string[], seenIn: string, options?: CallOptions): Promise<void> {
    this.#check(options);
    for (const id of documentIds) {
      const entry = this.#find(id);
      if (entry) this.#record.set({ ...entry, seenIn });
    }
  }

  async *list(options: ManifestListOptions = {}): AsyncIterable<ManifestEntry> {
    const { scope, notSeenIn, state } = options;
    this.#check(options);
    const ids = this.#isBound ? [...this.#record.ids(state)].sort(byCodePoint) : [];
    for (const id of ids) {
      this.#check(options);
      const entry = this.#find(id);
      if (!entry) continue;
      if (scope !== undefined && entry.scope !== scope) continue;
      if (state !== undefined && entry.state !== state) continue;
      if (notSeenIn === undefined || entry.seenIn !== notSeenIn) yield copyEntry(entry);
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

  /** What was recorded for another incarnation is none of this session's. */
  #find(documentId: string): ManifestEntry | undefined {
    return this.#isBound ? this.#record.get(documentId) : undefined;
  }

  #check(options?: CallOptions): void {
    if (this.#closed) throw new BinnacleError("closed", "the manifest session is closed; open a new one");
    checkCall(options);
    this.#record.require(this.token);
  }
}

function copyEntry(entry: ManifestEntry): ManifestEntry {
  return { ...entry, slots: entry.slots.map(({ slot, contentHash }) => ({ slot, contentHash })) };
}

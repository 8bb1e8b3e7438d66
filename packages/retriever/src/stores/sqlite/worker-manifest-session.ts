import {
  BinnacleError,
  type CallOptions,
  type ManifestEntry,
  type ManifestListOptions,
  type ManifestPlace,
  type ManifestPutOptions,
  type ManifestSession,
} from "@binnacle/core";
import { checkEntries } from "../../manifests/shared/check-manifest.ts";
import { checkCall } from "../shared/check-call.ts";
import type { LeaseKey, OpenedLease } from "./channel/requests.ts";
import type { WorkerClient } from "./channel/worker-client.ts";

const entriesPerPage = 512;

/** What a session is made of. */
export interface WorkerManifestSessionParts {
  readonly client: WorkerClient;
  readonly opened: OpenedLease;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly onClose: () => void;
}

/** A lease on one source's entries; renews itself three times in its length until it is closed. */
export class WorkerManifestSession implements ManifestSession {
  readonly token: number;
  readonly isNew: boolean;
  readonly #client: WorkerClient;
  readonly #key: LeaseKey;
  readonly #now: () => number;
  readonly #renewal: NodeJS.Timeout;
  readonly #onClose: () => void;
  #resume: string | undefined;
  #epoch: string | undefined;
  #closing: Promise<void> | undefined;

  constructor({ client, opened, leaseMs, now, onClose }: WorkerManifestSessionParts) {
    this.token = opened.token;
    this.isNew = opened.isNew;
    this.#client = client;
    this.#key = { lease: opened.lease, token: opened.token, incarnation: opened.incarnation };
    this.#resume = opened.resume;
    this.#epoch = opened.epoch;
    this.#now = now;
    this.#onClose = onClose;
    this.#renewal = setInterval(() => this.#renew(leaseMs), Math.max(1, Math.floor(leaseMs / 3)));
    // A forgotten session must not keep the process alive.
    this.#renewal.unref();
  }

  get resume(): string | undefined {
    return this.#resume;
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  async get(
    documentIds: readonly string[],
    options?: CallOptions,
  ): Promise<readonly (ManifestEntry | undefined)[]> {
    this.#checkOpen();
    return this.#client.call({ method: "getEntries", params: { ...this.#key, documentIds } }, options);
  }

  async find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]> {
    this.#checkOpen();
    return this.#client.call({ method: "findContents", params: { ...this.#key, contentHashes } }, options);
  }

  async put(entries: readonly ManifestEntry[], options: ManifestPutOptions = {}): Promise<void> {
    this.#checkOpen();
    checkEntries("ManifestSession.put", entries);
    const { resume, epoch } = options;
    const params = { ...this.#key, entries, resume, epoch };
    await this.#client.call({ method: "putEntries", params }, options);
    this.#resume = resume ?? this.#resume;
    this.#epoch = epoch ?? this.#epoch;
  }

  async forget(documentIds: readonly string[], options?: CallOptions): Promise<void> {
    this.#checkOpen();
    await this.#client.call({ method: "forgetEntries", params: { ...this.#key, documentIds } }, options);
  }

  async seen(documentIds: readonly string[], seenIn: string, options?: CallOptions): Promise<void> {
    this.#checkOpen();
    await this.#client.call({ method: "markSeen", params: { ...this.#key, documentIds, seenIn } }, options);
  }

  async *list(options: ManifestListOptions = {}): AsyncIterable<ManifestEntry> {
    const { scope, notSeenIn, state } = options;
    for (let after: string | undefined; ;) {
      this.#checkOpen();
      const params = { ...this.#key, after, limit: entriesPerPage, scope, notSeenIn, state };
      const page = await this.#client.call({ method: "listEntries", params }, options);
      for (const entry of page) {
        yield entry;
        checkCall(options);
        this.#checkOpen();
      }
      after = page.at(-1)?.documentId;
      if (page.length < entriesPerPage) return;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    clearInterval(this.#renewal);
    this.#onClose();
    await this.#client.call({ method: "closeLease", params: this.#key });
  }

  #renew(leaseMs: number): void {
    const params = { ...this.#key, expiresAt: this.#now() + leaseMs };
    // Not lost: whatever stands in the way, the next call checks the lease itself and tells its caller.
    this.#client.call({ method: "renewLease", params }).catch(() => undefined);
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new BinnacleError("closed", "the manifest session is closed; open a new one");
  }
}

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
import { checkEntries } from "../../manifests/shared/check-manifest.ts";
import type { LeaseKey, OpenedLease } from "./channel/requests.ts";
import type { WorkerClient } from "./channel/worker-client.ts";
import { WorkerManifestView } from "./worker-manifest-view.ts";

/** The parts of a session. */
export interface WorkerManifestSessionParts {
  readonly client: WorkerClient;
  readonly opened: OpenedLease;
  /** Time at which the lease was requested, by this process's clock. */
  readonly askedAt: number;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly onClose: () => void;
}

/** A lease on one source's entries. It renews itself three times per lease length until it is closed. */
export class WorkerManifestSession implements ManifestSession {
  readonly token: number;
  readonly isNew: boolean;
  readonly #client: WorkerClient;
  readonly #key: LeaseKey;
  readonly #view: WorkerManifestView;
  readonly #leaseMs: number;
  readonly #now: () => number;
  readonly #renewal: NodeJS.Timeout;
  readonly #onClose: () => void;
  #expiresAt: number;
  #resume: ReadonlyMap<string, string>;
  #epoch: string | undefined;
  #closing: Promise<void> | undefined;

  constructor({ client, opened, askedAt, leaseMs, now, onClose }: WorkerManifestSessionParts) {
    this.token = opened.token;
    this.isNew = opened.isNew;
    this.#client = client;
    this.#key = { lease: opened.lease, token: opened.token, incarnation: opened.incarnation };
    this.#view = new WorkerManifestView({ client, of: this.#key, checkOpen: () => this.#checkOpen() });
    this.#resume = new Map(opened.resume);
    this.#epoch = opened.epoch;
    this.#leaseMs = leaseMs;
    this.#expiresAt = askedAt + leaseMs;
    this.#now = now;
    this.#onClose = onClose;
    this.#renewal = setInterval(() => this.#renewUnasked(), Math.max(1, Math.floor(leaseMs / 3)));
    // A forgotten session must not keep the process alive.
    this.#renewal.unref();
  }

  get expiresAt(): number {
    return this.#expiresAt;
  }

  get resume(): ReadonlyMap<string, string> {
    return this.#resume;
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  async renew(options?: CallOptions): Promise<void> {
    this.#checkOpen();
    const renewedAt = Date.now();
    const params = { ...this.#key, expiresAt: this.#now() + this.#leaseMs };
    await this.#client.call({ method: "renewLease", params }, options);
    this.#expiresAt = Math.max(this.#expiresAt, renewedAt + this.#leaseMs);
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

  async put(entries: readonly ManifestEntry[], options: ManifestPutOptions = {}): Promise<void> {
    this.#checkOpen();
    checkEntries("ManifestSession.put", entries);
    const { epoch } = options;
    const resume = [...(options.resume ?? [])];
    const params = { ...this.#key, entries, resume, epoch };
    await this.#client.call({ method: "putEntries", params }, options);
    this.#resume = afterPut(this.#resume, resume);
    this.#epoch = epoch ?? this.#epoch;
  }

  async forget(documentIds: readonly string[], options?: CallOptions): Promise<void> {
    this.#checkOpen();
    await this.#client.call({ method: "forgetEntries", params: { ...this.#key, documentIds } }, options);
  }

  async confirm(
    shown: readonly ManifestShown[],
    { config, seenIn, ...call }: ManifestConfirmOptions,
  ): Promise<readonly (number | undefined)[]> {
    this.#checkOpen();
    const ids = shown.map(({ documentId }) => documentId);
    const scopes = shown.map(({ scope }) => scope);
    const versions = shown.map(({ version }) => version);
    const params = { ...this.#key, ids, scopes, versions, config, seenIn };
    const slots = await this.#client.call({ method: "confirmEntries", params }, call);
    return Array.from(slots, (count) => (count < 0 ? undefined : count));
  }

  async seen(documentIds: readonly string[], seenIn: string, options?: CallOptions): Promise<void> {
    this.#checkOpen();
    await this.#client.call({ method: "markSeen", params: { ...this.#key, documentIds, seenIn } }, options);
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

  #renewUnasked(): void {
    // The error is not lost: the next call checks the lease itself, and its caller gets the error.
    this.renew().catch(() => undefined);
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new BinnacleError("closed", "The manifest session is closed. Open a new one.");
  }
}

function afterPut(
  before: ReadonlyMap<string, string>,
  put: readonly (readonly [scope: string, resume: string | undefined])[],
): ReadonlyMap<string, string> {
  if (put.length === 0) return before;
  const after = new Map(before);
  for (const [scope, resume] of put) {
    if (resume === undefined) after.delete(scope);
    else after.set(scope, resume);
  }
  return after;
}

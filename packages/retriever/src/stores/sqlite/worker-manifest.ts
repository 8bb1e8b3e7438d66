import {
  BinnacleError,
  type CallOptions,
  type Manifest,
  type ManifestBinding,
  type ManifestRecordName,
  type ManifestView,
} from "@binnacle/core";
import { checkRecordName, resolveBinding } from "../../manifests/shared/check-manifest.ts";
import type { WorkerClient } from "./channel/worker-client.ts";
import { WorkerManifestSession } from "./worker-manifest-session.ts";
import { WorkerManifestView } from "./worker-manifest-view.ts";

/** The manifest of a worker. The owner of the worker may be a store or a manifest. */
export class WorkerManifest implements Manifest {
  readonly #client: WorkerClient;
  readonly #now: () => number;
  readonly #sessions = new Set<WorkerManifestSession>();
  #closed = false;

  constructor(client: WorkerClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  async open(binding: ManifestBinding, options?: CallOptions): Promise<WorkerManifestSession> {
    this.#checkOpen();
    this.#client.check(options);
    const { leaseMs, ...record } = resolveBinding("SqliteManifest.open", binding);
    const params = { ...record, tenant: record.tenant, leaseMs, now: this.#now() };
    const askedAt = Date.now();
    const opened = await this.#client.call({ method: "openLease", params }, options);
    const session = new WorkerManifestSession({
      client: this.#client,
      opened,
      askedAt,
      leaseMs,
      now: this.#now,
      onClose: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  view(record: ManifestRecordName): ManifestView {
    const of = checkRecordName("SqliteManifest.view", record);
    return new WorkerManifestView({ client: this.#client, of, checkOpen: () => this.#checkOpen() });
  }

  /** Closes the sessions, so that others need not wait until their leases expire. The owner ends the
   * worker. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#sessions, (session) => session.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #checkOpen(): void {
    if (this.#closed) throw new BinnacleError("closed", "The SqliteManifest is closed. Create a new one.");
  }
}

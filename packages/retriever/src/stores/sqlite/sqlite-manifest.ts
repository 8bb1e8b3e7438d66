import type {
  CallOptions,
  Manifest,
  ManifestBinding,
  ManifestRecordName,
  ManifestSession,
  ManifestView,
} from "@binnacle/core";
import { WorkerClient } from "./channel/worker-client.ts";
import { parseManifestOptions, type SqliteManifestOptions } from "./sqlite-options.ts";
import { WorkerManifest } from "./worker-manifest.ts";

/** Remembers in an SQLite file what was indexed, for a store without a manifest. A `SqliteStore` has its
 * own manifest in its file. */
export class SqliteManifest implements Manifest {
  readonly #client: WorkerClient;
  readonly #manifest: WorkerManifest;

  constructor(options: SqliteManifestOptions) {
    const { worker, now } = parseManifestOptions(options);
    this.#client = new WorkerClient(worker);
    this.#manifest = new WorkerManifest(this.#client, now);
  }

  open(binding: ManifestBinding, options?: CallOptions): Promise<ManifestSession> {
    return this.#manifest.open(binding, options);
  }

  view(record: ManifestRecordName): ManifestView {
    return this.#manifest.view(record);
  }

  async close(): Promise<void> {
    try {
      await this.#manifest.close();
    } finally {
      await this.#client.close();
    }
  }

  /** Same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

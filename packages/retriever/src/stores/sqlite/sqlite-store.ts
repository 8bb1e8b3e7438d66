import {
  BinnacleError,
  type AliasAdmin,
  type CallOptions,
  type CollectionInfo,
  type CollectionSpec,
  type CompleteCollection,
  type EnsuredCollection,
  type Health,
  type Manifest,
  type Metadata,
  type SnapshotAdmin,
  type StoreCapabilities,
  type TenantBinding,
  type VectorStore,
} from "@binnacle/core";
import { parseCallOptions } from "@binnacle/core/kit";
import { boundTenant, checkCollectionName, resolveSpec, withCheckedArguments } from "@binnacle/core/stores";
import { embeddedCapabilities } from "../shared/embedded-capabilities.ts";
import type { WorkerOptions } from "./channel/requests.ts";
import { WorkerClient } from "./channel/worker-client.ts";
import { SqliteAliases } from "./sqlite-aliases.ts";
import { SqliteCollection } from "./sqlite-collection.ts";
import { SqliteSnapshots } from "./sqlite-snapshots.ts";
import { parseStoreOptions, type SqliteStoreOptions } from "./sqlite-options.ts";
import { WorkerManifest } from "./worker-manifest.ts";

/** Stores points in one SQLite file and searches them exactly. All work runs in a worker thread, so that
 * the caller's event loop stays free. Several processes may use one file. The thread starts with the
 * first call and ends with `close()`. An idle store does not keep the process alive. */
export class SqliteStore implements VectorStore {
  /** The manifest in the same file. Closing it leaves the store open. */
  readonly manifest: Manifest;
  readonly aliases: AliasAdmin;
  /** Undefined for a store in memory, which has no folder for them. */
  readonly snapshots: SnapshotAdmin | undefined;
  readonly #options: WorkerOptions;
  readonly #client: WorkerClient;
  /** Its thread starts with the first snapshot. */
  readonly #copyClient: WorkerClient;

  constructor(options: SqliteStoreOptions) {
    this.#options = parseStoreOptions(options);
    this.#client = new WorkerClient(this.#options);
    this.manifest = new WorkerManifest(this.#client, Date.now);
    this.aliases = new SqliteAliases(this.#client);
    const { path } = this.#options;
    this.#copyClient = new WorkerClient({ ...this.#options, maxIndexBytes: 0 });
    this.snapshots = path === ":memory:" ? undefined : new SqliteSnapshots(path, this.#copyClient);
  }

  async capabilities(options?: CallOptions): Promise<StoreCapabilities> {
    this.#check(options);
    const { path, synchronous } = this.#options;
    const onDisk = synchronous === "full" ? "power" : "process";
    return {
      durability: path === ":memory:" ? "none" : onDisk,
      ...embeddedCapabilities,
    };
  }

  async health(options?: CallOptions): Promise<Health> {
    this.#check(options);
    const startedAt = performance.now();
    const took = (): number => performance.now() - startedAt;
    try {
      const { version, collections } = await this.#client.call({ method: "check", params: {} }, options);
      return {
        status: "ok",
        latencyMs: took(),
        detail: `SQLite ${version}, ${collections === 1 ? "1 collection" : `${collections} collections`}`,
      };
    } catch (error) {
      options?.signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error)) throw error;
      return { status: "down", latencyMs: took(), detail: error.message };
    }
  }

  async ensureCollection(spec: CollectionSpec, options?: CallOptions): Promise<EnsuredCollection> {
    this.#check(options);
    const params = { spec: resolveSpec("ensureCollection", spec, embeddedCapabilities) };
    return this.#client.call({ method: "ensureCollection", params }, options);
  }

  async describeCollection(name: string, options?: CallOptions): Promise<CollectionInfo | undefined> {
    this.#check(options);
    checkCollectionName("describeCollection", name);
    return this.#client.call({ method: "describeCollection", params: { name } }, options);
  }

  async listCollections(options?: CallOptions): Promise<readonly CollectionInfo[]> {
    this.#check(options);
    return this.#client.call({ method: "listCollections", params: {} }, options);
  }

  async deleteCollection(name: string, options?: CallOptions): Promise<boolean> {
    this.#check(options);
    checkCollectionName("deleteCollection", name);
    return this.#client.call({ method: "deleteCollection", params: { name } }, options);
  }

  collection<M extends Metadata = Metadata>(name: string, binding?: TenantBinding): CompleteCollection<M>;
  // The app states the type `M` of its metadata. The store checks only declared fields.
  collection(name: string, binding?: TenantBinding): CompleteCollection {
    checkCollectionName("collection", name);
    const tenant = boundTenant(binding);
    return withCheckedArguments(new SqliteCollection(this.#client, { collection: name, tenant }));
  }

  async close(): Promise<void> {
    try {
      await this.manifest.close();
    } finally {
      await Promise.all([this.#client.close(), this.#copyClient.close()]);
    }
  }

  #check(options: CallOptions | undefined): void {
    this.#client.check(parseCallOptions("SqliteStore", options));
  }

  /** Same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

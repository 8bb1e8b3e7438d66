import type {
  AliasAdmin,
  CallOptions,
  CollectionInfo,
  CollectionSpec,
  CompleteCollection,
  EnsuredCollection,
  Health,
  Metadata,
  SnapshotAdmin,
  StoreCapabilities,
  TenantBinding,
  VectorStore,
} from "@binnacle/core";
import { parseCallOptions } from "@binnacle/core/kit";
import {
  aliasMeant,
  boundTenant,
  checkCollectionName,
  isCollectionName,
  resolveSpec,
  withCheckedArguments,
} from "@binnacle/core/stores";
import { z } from "zod";
import { bulkLoad } from "./collections/bulk-load.ts";
import type { QdrantCollectionChanges, QdrantSettingChange } from "./collections/collection-changes.ts";
import { readCollectionCluster, type QdrantCollectionCluster } from "./collections/collection-cluster.ts";
import { collectionInfo } from "./collections/collection-info.ts";
import { ensureCollection } from "./collections/ensure-collection.ts";
import { OpenCollections } from "./collections/open-collections.ts";
import { QdrantAliases } from "./collections/qdrant-aliases.ts";
import { QdrantSnapshots } from "./collections/qdrant-snapshots.ts";
import { readServerCluster, type QdrantCluster } from "./collections/server-cluster.ts";
import { readCollectionState, type QdrantCollectionState } from "./collections/collection-state.ts";
import { updateCollection } from "./collections/update-collection.ts";
import { QdrantCollection } from "./qdrant-collection.ts";
import { callCheck, type QdrantContext } from "./qdrant-context.ts";
import { parseQdrantOptions, type QdrantSettings, type QdrantStoreOptions } from "./qdrant-options.ts";
import { QDRANT_FEATURES } from "./qdrant-features.ts";
import { ServerVersion } from "./server-version.ts";
import { storeHealth } from "./store-health.ts";
import { collectionPath } from "./wire/collection-path.ts";
import { httpClientOf } from "./wire/http-client-of.ts";
import { QdrantApi } from "./wire/qdrant-api.ts";
import { foreignCollection } from "./wire/qdrant-error.ts";
import { Turns } from "./write/turns.ts";

const names = z.object({ collections: z.array(z.object({ name: z.string() })) });

/** Stores points on a Qdrant server or cluster of version 1.18 or newer. It has no manifest, so
 * `createIndexer` needs one. */
export class QdrantStore implements VectorStore {
  readonly aliases: AliasAdmin;
  readonly snapshots: SnapshotAdmin;
  readonly #settings: QdrantSettings;
  readonly #version: ServerVersion;
  readonly #context: QdrantContext;
  #closed = false;

  constructor(options: QdrantStoreOptions) {
    this.#settings = parseQdrantOptions(options);
    const { maxAttempts, batch, collections } = this.#settings;
    const api = new QdrantApi(httpClientOf(this.#settings), maxAttempts);
    this.#version = new ServerVersion(api);
    this.#context = {
      api,
      collections: new OpenCollections(api, this.#version),
      sentinels: new Map(),
      turns: new Turns(),
      bounds: batch,
      oversampling: collections.oversampling,
      check: callCheck(() => this.#closed),
    };
    this.aliases = new QdrantAliases(this.#context);
    this.snapshots = new QdrantSnapshots(this.#context);
  }

  async capabilities(options?: CallOptions): Promise<StoreCapabilities> {
    this.#check(options);
    const tenantIdf = await this.#version.hasTenantIdf(options);
    return {
      durability: "process",
      fences: "detected",
      metrics: ["cosine", "dot", "euclid"],
      maxDimensions: 65_536,
      sparse: true,
      idfScopes: tenantIdf ? ["tenant", "collection"] : ["collection"],
      sparseStatistics: "lagging",
      search: "approximate",
      tieBreak: "none",
      epochs: true,
      features: QDRANT_FEATURES,
    };
  }

  async health(options?: CallOptions): Promise<Health> {
    this.#check(options);
    return storeHealth(this.#context.api, this.#context.collections, options);
  }

  async ensureCollection(spec: CollectionSpec, options?: CallOptions): Promise<EnsuredCollection> {
    const asked = resolveSpec("ensureCollection", spec, await this.capabilities(options));
    const { api, collections } = this.#context;
    const context = { api, collections, settings: this.#settings.collections, call: options };
    return ensureCollection(asked, context);
  }

  async describeCollection(name: string, options?: CallOptions): Promise<CollectionInfo | undefined> {
    this.#check(options);
    checkCollectionName("describeCollection", name);
    const found = await this.#context.collections.find(name, options);
    return found?.stored && collectionInfo(found.stored);
  }

  /** Returns all collections of this SDK, ordered by name. */
  async listCollections(options: CallOptions = {}): Promise<readonly CollectionInfo[]> {
    this.#check(options);
    const { collections } = await this.#context.api.result({ path: "/collections" }, names, options);
    const own = collections.map(({ name }) => name).filter(isCollectionName);
    const infos = await Promise.all(own.map((name) => this.describeCollection(name, options)));
    return infos.filter((info) => info !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Deletes a collection. Refuses to delete a collection of another tool. */
  async deleteCollection(name: string, options?: CallOptions): Promise<boolean> {
    this.#check(options);
    checkCollectionName("deleteCollection", name);
    const { api, collections } = this.#context;
    const found = await collections.find(name, options);
    if (!found) return false;
    if (found.name !== name) throw aliasMeant("deleteCollection", { name, collection: found.name });
    if (!found.stored) throw foreignCollection(name);
    const request = { method: "DELETE", path: collectionPath(name), collection: name } as const;
    const deleted = await api.result(request, z.boolean(), options);
    this.#forget(name);
    return deleted;
  }

  /** Runs `load` while the server builds no index, and then waits until the index is built. This is faster
   * for the first load of a large collection. Searches read every point meanwhile. The call restores the
   * server's setting even if `load` fails. After a crash, the next call restores it. */
  async bulkLoad<T>(name: string, load: () => Promise<T>, options?: CallOptions): Promise<T> {
    this.#check(options);
    checkCollectionName("bulkLoad", name);
    return bulkLoad(name, load, { ...this.#context, call: options });
  }

  /**
   * Changes settings of an existing collection, and returns each change as the server confirms it. Settings
   * that are omitted stay. Before anything is sent, rejects with a `ConfigurationError` of code
   * `cannot_change` that names every setting that cannot change. Rejects with code `not_applied` if the
   * server ignored a change.
   */
  async updateCollection(
    name: string,
    changes: QdrantCollectionChanges,
    options?: CallOptions,
  ): Promise<readonly QdrantSettingChange[]> {
    this.#context.check(options);
    checkCollectionName("updateCollection", name);
    const { api, collections } = this.#context;
    return updateCollection(name, changes, { api, collections, call: options });
  }

  /** Returns the state of a collection as the server reports it: status, index, quantization and settings. */
  async inspectCollection(name: string, options?: CallOptions): Promise<QdrantCollectionState> {
    this.#context.check(options);
    checkCollectionName("inspectCollection", name);
    const { api, collections } = this.#context;
    return readCollectionState(name, api, { collections, call: options });
  }

  /** Returns the servers of the cluster, and the reasons why it does not work fully. */
  async clusterInfo(options?: CallOptions): Promise<QdrantCluster> {
    this.#context.check(options);
    return readServerCluster(this.#context.api, options);
  }

  /** Returns where the shards of a collection are, and their state. */
  async collectionCluster(name: string, options?: CallOptions): Promise<QdrantCollectionCluster> {
    this.#context.check(options);
    checkCollectionName("collectionCluster", name);
    return readCollectionCluster(name, this.#context.api, options);
  }

  collection<M extends Metadata = Metadata>(name: string, binding?: TenantBinding): CompleteCollection<M>;
  // The app states the type `M` of its metadata. The store checks only declared fields.
  collection(name: string, binding?: TenantBinding): CompleteCollection {
    checkCollectionName("collection", name);
    const tenant = boundTenant(binding);
    return withCheckedArguments(new QdrantCollection(name, tenant, this.#context));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#context.api.close();
  }

  /** Same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #check(options: CallOptions | undefined): void {
    this.#context.check(parseCallOptions("QdrantStore", options));
  }

  #forget(name: string): void {
    const { collections, sentinels } = this.#context;
    collections.forget(name);
    for (const key of sentinels.keys()) if (key.startsWith(`${name}/`)) sentinels.delete(key);
  }
}

import {
  BinnacleError,
  type AliasAdmin,
  type CallOptions,
  type CollectionInfo,
  type CollectionSpec,
  type CompleteCollection,
  type EnsuredCollection,
  type Health,
  type Metadata,
  type StoreCapabilities,
  type TenantBinding,
  type VectorStore,
} from "@binnacle/core";
import { checkCall, parseCallOptions } from "@binnacle/core/kit";
import {
  aliasMeant,
  boundTenant,
  checkCollectionName,
  resolveSpec,
  withCheckedArguments,
} from "@binnacle/core/stores";
import { MemoryManifest } from "../../manifests/memory/index.ts";
import { embeddedCapabilities } from "../shared/embedded-capabilities.ts";
import { MemoryAliases } from "./memory-aliases.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { MemoryCollectionState } from "./memory-collection-state.ts";
import { MemoryCollection } from "./memory-collection.ts";
import { parseMemoryStoreOptions, type MemoryStoreOptions } from "./memory-store-options.ts";

/** Keeps everything in the memory of this process, for tests and for data that each start creates anew. */
export class MemoryStore implements VectorStore {
  readonly manifest: MemoryManifest = new MemoryManifest();
  readonly #aliases = new MemoryAliases({
    hasCollection: (name) => this.#collections.has(name),
    check: (options) => this.#check(options),
  });
  readonly aliases: AliasAdmin = this.#aliases;
  readonly #collections = new Map<string, MemoryCollectionState>();
  readonly #budget: MemoryBudget;
  #closed = false;

  constructor(options: MemoryStoreOptions = {}) {
    this.#budget = new MemoryBudget(parseMemoryStoreOptions(options).maxBytes);
  }

  async capabilities(options?: CallOptions): Promise<StoreCapabilities> {
    this.#check(options);
    return { durability: "none", ...embeddedCapabilities };
  }

  async health(options?: CallOptions): Promise<Health> {
    this.#check(options);
    const startedAt = performance.now();
    return {
      status: "ok",
      detail: `${this.#collections.size === 1 ? "1 collection" : `${this.#collections.size} collections`} in memory`,
      latencyMs: performance.now() - startedAt,
    };
  }

  async ensureCollection(spec: CollectionSpec, options?: CallOptions): Promise<EnsuredCollection> {
    this.#check(options);
    const asked = resolveSpec("ensureCollection", spec, embeddedCapabilities);
    const known = this.#find(asked.name);
    const state = known ?? new MemoryCollectionState(asked, this.#budget);
    state.ensure(asked);
    this.#collections.set(state.spec.name, state);
    return { ...state.info, outcome: known ? "exists" : "created" };
  }

  async describeCollection(name: string, options?: CallOptions): Promise<CollectionInfo | undefined> {
    this.#check(options);
    checkCollectionName("describeCollection", name);
    return this.#find(name)?.info;
  }

  async listCollections(options?: CallOptions): Promise<readonly CollectionInfo[]> {
    this.#check(options);
    const infos = Array.from(this.#collections.values(), ({ info }) => info);
    return infos.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async deleteCollection(name: string, options?: CallOptions): Promise<boolean> {
    this.#check(options);
    checkCollectionName("deleteCollection", name);
    const collection = this.#aliases.resolve(name);
    if (collection !== name) throw aliasMeant("deleteCollection", { name, collection });
    this.#aliases.forget(name);
    this.#collections.get(name)?.release();
    return this.#collections.delete(name);
  }

  collection<M extends Metadata = Metadata>(name: string, binding?: TenantBinding): CompleteCollection<M>;
  // The app states the type `M` of its metadata. The store checks only declared fields.
  collection(name: string, binding?: TenantBinding): CompleteCollection {
    checkCollectionName("collection", name);
    const tenant = boundTenant(binding);
    return withCheckedArguments(new MemoryCollection(name, tenant, (asked) => this.#state(asked)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#collections.clear();
    await this.manifest.close();
  }

  /** Same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #find(name: string): MemoryCollectionState | undefined {
    return this.#collections.get(this.#aliases.resolve(name));
  }

  #state(name: string): MemoryCollectionState {
    this.#check();
    const state = this.#find(name);
    if (state) return state;
    throw new BinnacleError(
      "not_found",
      `Collection "${name}" does not exist. Create it with ensureCollection.`,
    );
  }

  #check(options?: CallOptions): void {
    if (this.#closed) throw new BinnacleError("closed", "The MemoryStore is closed. Create a new one.");
    checkCall(parseCallOptions("MemoryStore", options));
  }
}

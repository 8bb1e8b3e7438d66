import { setTimeout as wait } from "node:timers/promises";
import { BinnacleError, type Chunker, type VectorStore } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import {
  createKubernetesSource,
  type KubernetesSource,
  type KubernetesSourceOptions,
} from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import {
  createIndexer,
  createMarkdownChunker,
  createEstimatingTokenizer,
  defineIndex,
  MemoryManifest,
  MemoryStore,
  verifyIndex,
  type FollowHandle,
  type Index,
} from "@binnacle/retriever";
import { RealCluster } from "../../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";
import { startKubelab, type Kubelab, type KubelabOptions } from "../../../servers/kubelab.ts";

/** Options of {@link FollowedLab}. */
export interface FollowedLabOptions extends KubelabOptions {
  readonly source?: Partial<KubernetesSourceOptions> | undefined;
}

/** A real API server whose objects an indexer follows, with counts of what that cost. */
export class FollowedLab {
  readonly lab: Kubelab;
  readonly cluster: RealCluster;
  /** The error of every call to the embedder, while it is set. */
  embedderError: Error | undefined;
  /** Milliseconds of each text in the embedder. */
  embedMs = 0;
  /** True: the store refuses every write. */
  isStoreDown = false;
  #options: FollowedLabOptions;
  readonly #embedder: FakeEmbedder;
  readonly #store: MemoryStore = new MemoryStore();
  readonly #manifest: MemoryManifest = new MemoryManifest();
  readonly #index: Index;
  #source: KubernetesSource | undefined;
  #handle: FollowHandle | undefined;

  private constructor(lab: Kubelab, chunker: Chunker, options: FollowedLabOptions) {
    this.lab = lab;
    this.cluster = new RealCluster(lab.kubeconfig);
    this.#options = options;
    this.#embedder = new FakeEmbedder({
      onEmbed: async (texts) => {
        if (this.embedderError !== undefined) throw this.embedderError;
        if (this.embedMs > 0) await wait(this.embedMs * texts.length);
      },
    });
    this.#index = defineIndex({ name: "lab", chunker, embedder: this.#embedder });
  }

  /** Starts a server of its own, without following it. */
  static async start(options: FollowedLabOptions = {}): Promise<FollowedLab> {
    const chunker = await createMarkdownChunker({ tokenizer: createEstimatingTokenizer() });
    return new FollowedLab(
      await startKubelab({ own: true, with: options.with, flags: options.flags }),
      chunker,
      options,
    );
  }

  /** Changes the options of the source that follows next. */
  use(source: Partial<KubernetesSourceOptions>): void {
    this.#options = { ...this.#options, source: { ...this.#options.source, ...source } };
  }

  /** Number of texts embedded so far. */
  get embedded(): number {
    return this.#embedder.embedded.length;
  }

  get source(): KubernetesSource {
    return (this.#source ??= this.#newSource());
  }

  /** Starts to follow, with the checkpoints of an earlier call. */
  follow(): void {
    const indexer = createIndexer({
      store: this.#flakyStore(),
      manifest: this.#manifest,
      index: this.#index,
      allowMassDelete: true,
    });
    this.#handle = indexer.follow(this.source, { flushMs: 50, retryMs: 500 });
    this.#handle.done.catch((error: unknown) => console.error("following ended:", error));
  }

  /** Stops following, as a process that ends. */
  async unfollow(): Promise<void> {
    await this.#handle?.close();
    await this.#source?.close();
    this.#handle = undefined;
    this.#source = undefined;
  }

  /** Number of objects that the index and the cluster do not agree about. */
  async differences(): Promise<number> {
    const { access: _proxied, ...options } = this.#options.source ?? {};
    const source = this.#newSource(options);
    try {
      const { differenceCount } = await verifyIndex({ store: this.#store, index: this.#index, source });
      return differenceCount;
    } catch (error) {
      if (BinnacleError.isInstance(error)) return Infinity; // no collection yet, or a server that is away
      throw error;
    } finally {
      await source.close();
    }
  }

  /** Waits until index and cluster agree. Returns the milliseconds, or infinity after a minute. */
  async agrees(limitMs = 60_000): Promise<number> {
    const startedAt = performance.now();
    while (performance.now() - startedAt < limitMs) {
      if ((await this.differences()) === 0) return performance.now() - startedAt;
      await wait(100);
    }
    return Infinity;
  }

  async close(): Promise<void> {
    await this.unfollow();
    await this.cluster.close();
    await this.lab.close();
  }

  #newSource(options = this.#options.source): KubernetesSource {
    const access = kubeconfigAccess({ path: this.lab.kubeconfig });
    return createKubernetesSource({ cluster: "lab", access, ...options });
  }

  #flakyStore(): VectorStore {
    const refused = (): Promise<never> =>
      Promise.reject(new BinnacleError("store_down", "the store is down", { retryable: true }));
    return new Proxy<VectorStore>(this.#store, {
      get: (store, name) => {
        const value: unknown = Reflect.get(store, name, store);
        if (typeof value !== "function") return value;
        if (name !== "collection") return value.bind(store);
        return (...args: unknown[]) => {
          const collection: object = Reflect.apply(value, store, args);
          return new Proxy(collection, {
            get: (target, method) => {
              const own: unknown = Reflect.get(target, method, target);
              if (typeof own !== "function") return own;
              return this.isStoreDown ? refused : own.bind(target);
            },
          });
        };
      },
    });
  }
}

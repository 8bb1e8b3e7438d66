import { setTimeout as wait } from "node:timers/promises";
import type { Collection, Metadata, VectorStore } from "@binnacle/core";
import { createKubernetesSource, type KubernetesSource } from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import {
  createEstimatingTokenizer,
  createIndexer,
  createMarkdownChunker,
  defineIndex,
  type FollowHandle,
} from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { FreeEmbedder } from "./free-embedder.ts";

/** A cluster that is followed into a SQLite store. */
export class FollowedCluster {
  readonly #kubeconfig: string;
  readonly #store: SqliteStore;
  readonly #embedder: FreeEmbedder = new FreeEmbedder();
  /** The moment at which each change mark became searchable. */
  readonly written: Map<string, number> = new Map();
  #handle: FollowHandle | undefined;
  #followedSource: KubernetesSource | undefined;

  constructor(kubeconfig: string, path: string) {
    this.#kubeconfig = kubeconfig;
    this.#store = new SqliteStore({ path });
  }

  get embedded(): number {
    return this.#embedder.embedded;
  }

  /** Syncs once. Returns the number of documents that the cluster has. */
  async sync(): Promise<number> {
    const source = this.#source();
    const { failures, documents } = await (await this.#indexer()).sync(source);
    await source.close();
    if (failures.length > 0) throw new Error(`${failures.length} documents failed`);
    return documents.added + documents.changed + documents.unchanged;
  }

  /** Starts to follow. Resolves once every change so far is searchable. */
  async follow(): Promise<void> {
    this.#followedSource = this.#source();
    this.#handle = (await this.#indexer()).follow(this.#followedSource);
    this.#handle.done.catch((error: unknown) => console.error("following ended:", error));
    for (const end = performance.now() + 60_000; this.#handle.status().phase !== "following"; await wait(20))
      if (performance.now() > end) throw new Error("the cluster is not followed after a minute");
  }

  /** Ends the following, as a process that stops. */
  async unfollow(): Promise<void> {
    await this.#handle?.close();
    await this.#followedSource?.close();
    this.#handle = undefined;
  }

  async close(): Promise<void> {
    await this.unfollow();
    await this.#store.close();
  }

  #source(): KubernetesSource {
    const access = kubeconfigAccess({ path: this.#kubeconfig });
    return createKubernetesSource({ cluster: "lab", access });
  }

  async #indexer() {
    const chunker = await createMarkdownChunker({ tokenizer: createEstimatingTokenizer() });
    const index = defineIndex({ name: "lab", chunker, embedder: this.#embedder });
    return createIndexer({
      store: timedStore(this.#store, this.written),
      manifest: this.#store.manifest,
      index,
    });
  }
}

/** Wraps a store and records when each change mark became searchable. */
function timedStore(store: VectorStore, written: Map<string, number>): VectorStore {
  const bound = (target: object, name: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === "function" ? value.bind(target) : value;
  };
  return new Proxy<VectorStore>(store, {
    get: (target, name) =>
      name === "collection"
        ? <M extends Metadata>(...args: Parameters<VectorStore["collection"]>): Collection<M> => {
            const collection = target.collection<M>(...args);
            return new Proxy(collection, {
              get: (inner, method) =>
                method === "write" ? timedWrite(inner, written) : bound(inner, method),
            });
          }
        : bound(target, name),
  });
}

function timedWrite<M extends Metadata>(
  collection: Collection<M>,
  written: Map<string, number>,
): Collection<M>["write"] {
  return async (batch, options) => {
    const result = await collection.write(batch, options);
    const now = performance.now();
    for (const write of batch) {
      if (write.type !== "upsert") continue;
      const mark = /mark-\d+/.exec(write.chunk.text)?.[0];
      if (mark !== undefined && !written.has(mark)) written.set(mark, now);
    }
    return result;
  };
}

import { QdrantStore } from "@binnacle/retriever/qdrant";
import { Document } from "@langchain/core/documents";
import { QdrantVectorStore } from "@langchain/qdrant";
import { QdrantVector } from "@mastra/qdrant";
import { QdrantClient } from "@qdrant/js-client-rest";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import { benchSpec, dimensions, upsertOf, type BenchPoint } from "./bench-points.ts";

/** A client of one collection on a server. */
export interface QdrantSide {
  readonly name: string;
  /** Creates the collection, empty. */
  create(): Promise<void>;
  upsert(points: readonly BenchPoint[]): Promise<void>;
  /** The ids of the ten nearest points. */
  search(query: BenchPoint): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Every contender, each with a collection of its own. */
export function qdrantSides(url: string, apiKey: string | undefined, suffix: string): readonly QdrantSide[] {
  return [
    ours(url, apiKey, `ours-${suffix}`),
    langchain(url, apiKey, `langchain-${suffix}`),
    mastra(url, apiKey, `mastra-${suffix}`),
    bareClient(url, apiKey, `bare-${suffix}`),
  ];
}

function ours(url: string, apiKey: string | undefined, name: string): QdrantSide {
  const store = new QdrantStore({ url, apiKey });
  const collection = store.collection(name);
  return {
    name: "Binnacle",
    create: async () => {
      await store.deleteCollection(name);
      await store.ensureCollection(benchSpec(name));
    },
    upsert: async (points) => {
      const { failures } = await collection.write(points.map(upsertOf));
      for (const failure of failures.values()) throw failure;
    },
    search: async ({ vector }) =>
      (await collection.search({ legs: [{ dense: vector }], limit: 10 })).map(({ id }) => id),
    close: () => store.close(),
  };
}

function langchain(url: string, apiKey: string | undefined, name: string): QdrantSide {
  const client = clientOf(url, apiKey);
  const store = new QdrantVectorStore(new FakeEmbeddings(), {
    client,
    collectionName: name,
    collectionConfig: { vectors: { size: dimensions, distance: "Cosine" } },
  });
  return {
    name: "@langchain/qdrant",
    create: async () => {
      await client.deleteCollection(name);
      await store.ensureCollection();
    },
    upsert: (points) =>
      store.addVectors(
        points.map(({ numbers }) => [...numbers]),
        points.map(({ id, text, metadata }) => new Document({ id, pageContent: text, metadata })),
      ),
    search: async ({ numbers }) =>
      (await store.similaritySearchVectorWithScore([...numbers], 10)).map(([{ id }]) => String(id)),
    close: () => Promise.resolve(),
  };
}

function mastra(url: string, apiKey: string | undefined, indexName: string): QdrantSide {
  const store = new QdrantVector({ id: "bench", url, ...(apiKey !== undefined && { apiKey }) });
  return {
    name: "@mastra/qdrant",
    create: async () => {
      await store.deleteIndex({ indexName }).catch(() => undefined);
      await store.createIndex({ indexName, dimension: dimensions, metric: "cosine" });
    },
    upsert: async (points) => {
      await store.upsert({
        indexName,
        vectors: points.map(({ numbers }) => [...numbers]),
        ids: points.map(({ id }) => id),
        metadata: points.map(({ text, metadata }) => ({ ...metadata, text })),
      });
    },
    search: async ({ numbers }) =>
      (await store.query({ indexName, queryVector: [...numbers], topK: 10 })).map(({ id }) => id),
    close: () => Promise.resolve(),
  };
}

function bareClient(url: string, apiKey: string | undefined, name: string): QdrantSide {
  const client = clientOf(url, apiKey);
  return {
    name: "@qdrant/js-client-rest",
    create: async () => {
      await client.deleteCollection(name);
      await client.createCollection(name, { vectors: { size: dimensions, distance: "Cosine" } });
    },
    upsert: async (points) => {
      const sent = points.map(({ id, numbers, text, metadata }) => ({
        id,
        vector: [...numbers],
        payload: { text, metadata },
      }));
      await client.upsert(name, { wait: true, points: sent });
    },
    search: async ({ numbers }) =>
      (await client.query(name, { query: [...numbers], limit: 10, with_payload: true })).points.map(
        ({ id }) => String(id),
      ),
    close: () => Promise.resolve(),
  };
}

function clientOf(url: string, apiKey: string | undefined): QdrantClient {
  return new QdrantClient({ url, checkCompatibility: false, ...(apiKey !== undefined && { apiKey }) });
}

import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import type { Collection } from "@binnacle/core";
import { TopRows } from "../../../packages/retriever/src/stores/shared/top-rows.ts";
import { VectorRows } from "../../../packages/retriever/src/stores/shared/vector-rows.ts";

/** Finds the places of the nearest vectors, best first. */
export type Nearest = (query: Float32Array) => Promise<readonly number[]>;

/** Searches a collection of ours whose documents are named by their places. */
export function ours(collection: Collection, limit: number): Nearest {
  return async (query) => {
    const hits = await collection.search({ legs: [{ dense: query }], limit });
    return hits.map(({ chunk }) => Number(chunk.documentId));
  };
}

/** Searches by our plain loop over float32, which serves where the kernel cannot run. */
export function floats(vectors: readonly Float32Array[], dimensions: number, limit: number): Nearest {
  const rows = new VectorRows(dimensions, "cosine", { kernel: () => undefined });
  vectors.forEach((vector, i) => rows.set(i, vector));
  return async (query) => {
    const top = new TopRows(limit, (a, b) => a < b);
    for (const _ of rows.scan(query, top, { minScore: -Infinity }));
    return top.ranked().map(({ key }) => key);
  };
}

/** Searches LangChain's in-memory store. */
export async function langchain(vectors: readonly Float32Array[], limit: number): Promise<Nearest> {
  const store = new MemoryVectorStore(new FakeEmbeddings());
  await store.addVectors(
    vectors.map((vector) => [...vector]),
    vectors.map((_, i) => ({ pageContent: `Passage ${i}`, metadata: { place: i } })),
  );
  return async (query) => {
    const found = await store.similaritySearchVectorWithScore([...query], limit);
    return found.map(([document]) => Number(document.metadata["place"]));
  };
}

/** Searches by usearch's native exact search, or returns the reason why it cannot. */
export async function usearch(
  vectors: readonly Float32Array[],
  dimensions: number,
  limit: number,
): Promise<Nearest | string> {
  try {
    const { exactSearch, MetricKind } = await import("usearch");
    const all = new Float32Array(vectors.length * dimensions);
    vectors.forEach((vector, i) => all.set(vector, i * dimensions));
    return async (query) => {
      const { keys } = exactSearch(all, query, dimensions, limit, MetricKind.Cos);
      return Array.from(keys, Number);
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

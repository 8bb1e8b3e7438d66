import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VectorStore } from "@binnacle/core";
import { MemoryStore } from "@binnacle/retriever";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";

/** A store and the name of its kind. */
export interface OpenedStore {
  readonly name: "memory" | "sqlite" | "qdrant";
  readonly store: VectorStore;
  /** True for Qdrant's double, and for the stores that are no server. */
  readonly isDouble: boolean;
}

/** Why not every store can be had here; undefined if each can. */
export async function storesMissing(): Promise<string | undefined> {
  return qdrantMissing();
}

/** Runs `body` with every store of the SDK, and closes them. */
export async function withStores<T>(body: (stores: readonly OpenedStore[]) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "binnacle-stores-"));
  const server = await startQdrant();
  const stores: readonly OpenedStore[] = [
    { name: "memory", store: new MemoryStore(), isDouble: true },
    { name: "sqlite", store: new SqliteStore({ path: join(folder, "store.sqlite") }), isDouble: true },
    {
      name: "qdrant",
      store: new QdrantStore({ url: server.url, apiKey: server.apiKey }),
      isDouble: server.isDouble,
    },
  ];
  try {
    return await body(stores);
  } finally {
    for (const { store } of stores) {
      for (const { name } of await store.listCollections()) await store.deleteCollection(name);
      await store.close();
    }
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

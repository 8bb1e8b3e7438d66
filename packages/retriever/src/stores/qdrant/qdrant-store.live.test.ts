import { vectorStoreContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { qdrantMissing, startQdrant, type QdrantServer } from "../../../../../tests/servers/qdrant.ts";
import { QdrantStore } from "./qdrant-store.ts";

const missing = qdrantMissing();

describe.skipIf(missing !== undefined)(`QdrantStore${missing === undefined ? "" : `: ${missing}`}`, () => {
  let server: QdrantServer;
  const store = (): QdrantStore => new QdrantStore({ url: server.url, apiKey: server.apiKey });
  /** Returns a store on a server without collections of this SDK. */
  async function emptyStore(): Promise<QdrantStore> {
    const opened = store();
    for (const { name } of await opened.listCollections()) await opened.deleteCollection(name);
    return opened;
  }
  beforeAll(async () => {
    server = await startQdrant();
  });
  afterAll(() => server.close());

  for (const check of vectorStoreContract(emptyStore, { reopen: async () => store() }))
    test(check.name, check.run);

  test("describes its capabilities", async () => {
    const { idfScopes: _, ...capabilities } = await store().capabilities();
    expect(capabilities).toEqual({
      durability: "process",
      fences: "detected",
      metrics: ["cosine", "dot", "euclid"],
      maxDimensions: 65_536,
      sparse: true,
      sparseStatistics: "lagging",
      search: "approximate",
      tieBreak: "none",
      epochs: true,
      features: ["dbsf", "boost", "mmr", "effort", "like", "discover", "orderBy", "groups", "facet"],
    });
  });
});

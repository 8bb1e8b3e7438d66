import { z } from "zod";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { qdrantMissing, startQdrant, type QdrantServer } from "../../../../../tests/servers/qdrant.ts";
import {
  createBm25Encoder,
  createChunker,
  createIndexer,
  createRetriever,
  defineIndex,
  fromDocuments,
  MemoryManifest,
} from "../../index.ts";
import { specMetadata } from "./collections/collection-metadata.ts";
import type { QdrantStoreOptions } from "./qdrant-options.ts";
import { QdrantStore } from "./qdrant-store.ts";

const missing = qdrantMissing();
const SPEC = {
  name: "operations",
  dense: { spaceId: "space", dimensions: 4, metric: "dot" },
  fields: {
    kind: "keyword",
    title: "text",
    year: "integer",
    price: "float",
    draft: "boolean",
    at: "datetime",
  },
} as const;

const described = z.object({
  result: z.object({
    config: z.object({
      params: z.record(z.string(), z.unknown()),
      hnsw_config: z.object({ m: z.number(), ef_construct: z.number() }),
      optimizer_config: z.object({ indexing_threshold: z.number() }),
      quantization_config: z.unknown(),
      strict_mode_config: z.unknown(),
      metadata: z.record(z.string(), z.unknown()).nullish(),
    }),
    payload_schema: z.record(z.string(), z.object({ data_type: z.string() })),
  }),
});

describe.skipIf(missing !== undefined)(
  `a Qdrant collection${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    let server: QdrantServer;
    const open = (options: Partial<QdrantStoreOptions> = {}): QdrantStore =>
      new QdrantStore({ url: server.url, apiKey: server.apiKey, ...options });

    /** Sends a request without the driver. */
    async function raw(method: string, path: string, body?: unknown): Promise<Response> {
      const headers = { "content-type": "application/json", "api-key": server.apiKey ?? "" };
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const response = await fetch(new URL(path, server.url), init);
      expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
      return response;
    }

    const asStored = async () =>
      described.parse(await (await raw("GET", "/collections/operations")).json()).result;

    beforeAll(async () => {
      server = await startQdrant();
    });
    afterAll(() => server.close());
    beforeEach(async () => {
      const store = open();
      await store.deleteCollection("operations");
      await store.close();
    });

    test("reports the changed settings, keeps its points, and refuses what cannot change (Q12)", async () => {
      await using store = open();
      await store.ensureCollection(SPEC);
      await store.aliases.set({ name: "operations-live", collection: "operations" });
      const changes = await store.updateCollection("operations-live", {
        hnsw: { m: 24 },
        originals: "memory",
        quantization: "binary",
        strictMode: { max_query_limit: 1_000 },
      });
      expect(changes).toEqual([
        { setting: "hnsw.m", from: 16, to: 24 },
        { setting: "quantization", from: "int8", to: "binary" },
        { setting: "originals", from: "disk", to: "memory" },
        { setting: "strictMode.max_query_limit", from: null, to: 1_000 },
      ]);
      const { config } = await asStored();
      expect(config.hnsw_config).toMatchObject({ m: 24, ef_construct: 200 });
      expect(config.quantization_config).toMatchObject({ binary: { always_ram: true } });
      expect(config.strict_mode_config).toMatchObject({ enabled: true, max_query_limit: 1_000 });
      expect(config.params).toMatchObject({ on_disk_payload: false, vectors: { dense: { on_disk: false } } });
      const other = store.updateCollection("operations", { dense: { spaceId: "space", dimensions: 5 } });
      await expect(other).rejects.toMatchObject({
        code: "cannot_change",
        issues: [{ path: "dense.dimensions" }],
      });
      expect(await store.clusterInfo()).toMatchObject({ issues: [] });
    });

    test("is created with the options' graph, quantization, placement, shards and indexes (T23, T25, T57, Q13)", async () => {
      await using store = open({ collections: { quantile: 0.99, shards: 2 } });
      await store.ensureCollection(SPEC);
      const { config, payload_schema } = await asStored();
      expect(config.hnsw_config).toMatchObject({ m: 16, ef_construct: 200 });
      expect(config.quantization_config).toMatchObject({
        scalar: { type: "int8", quantile: 0.99, always_ram: true },
      });
      expect(config.params).toMatchObject({
        shard_number: 2,
        replication_factor: 1,
        write_consistency_factor: 1,
        on_disk_payload: true,
        vectors: { dense: { size: 4, distance: "Dot", on_disk: true } },
      });
      const types = Object.entries(payload_schema).map(([name, { data_type }]) => [name, data_type]);
      expect(Object.fromEntries(types)).toEqual({
        _e: "keyword",
        sourceId: "keyword",
        documentId: "keyword",
        index: "integer",
        "m.kind": "keyword",
        "m.title": "text",
        "m.year": "integer",
        "m.price": "float",
        "m.draft": "bool",
        "m.at": "datetime",
      });
    });

    test.each([
      ["binary", { binary: { always_ram: true } }],
      ["product", { product: { compression: "x16", always_ram: true } }],
    ] as const)("can be quantized as %s, with another graph, in memory", async (quantization, expected) => {
      const collections = { quantization, hnsw: { m: 32, efConstruct: 300 }, originals: "memory" } as const;
      await using store = open({ collections });
      await store.ensureCollection(SPEC);
      const { config } = await asStored();
      expect(config.quantization_config).toMatchObject(expected);
      expect(config.hnsw_config).toMatchObject({ m: 32, ef_construct: 300 });
      expect(config.params["on_disk_payload"]).toBe(false);
    });

    test("has the strict mode of the options, and works under it", async () => {
      await using store = open({
        collections: { quantization: "none", strictMode: { max_query_limit: 100 } },
      });
      await store.ensureCollection(SPEC);
      const { config } = await asStored();
      expect(config.strict_mode_config).toMatchObject({ enabled: true, max_query_limit: 100 });
      expect(config.quantization_config ?? null).toBeNull();
      expect(await store.collection("operations").count()).toBe(0);
    });

    test("gets the indexes that an interrupted creation did not reach", async () => {
      const metadata = specMetadata({ ...SPEC, tenancy: "none" }, "11111111-1111-4111-8111-111111111111");
      const vectors = { dense: { size: 4, distance: "Dot" } };
      await raw("PUT", "/collections/operations", { vectors, metadata });
      expect((await asStored()).payload_schema).toEqual({});
      await using store = open();
      expect((await store.ensureCollection(SPEC)).outcome).toBe("exists");
      expect(Object.keys((await asStored()).payload_schema)).toHaveLength(10);
    });

    test("is not changed if another tool created it", async () => {
      await raw("PUT", "/collections/foreign", { vectors: { size: 4, distance: "Dot" } });
      await using store = open();
      const refused = { code: "collection_mismatch" };
      await expect(store.ensureCollection({ ...SPEC, name: "foreign" })).rejects.toMatchObject(refused);
      await expect(store.deleteCollection("foreign")).rejects.toMatchObject(refused);
      expect((await store.listCollections()).map(({ name }) => name)).not.toContain("foreign");
      await raw("DELETE", "/collections/foreign");
    });

    test("is loaded in bulk without indexing, and gets its setting back, even after a failure (Q12)", async () => {
      await using store = open();
      await store.ensureCollection(SPEC);
      const before = (await asStored()).config.optimizer_config.indexing_threshold;
      const threshold = async () => (await asStored()).config.optimizer_config.indexing_threshold;
      expect(await store.bulkLoad("operations", threshold)).toBe(0);
      expect(await threshold()).toBe(before);
      const failure = new Error("no more documents");
      await expect(store.bulkLoad("operations", () => Promise.reject(failure))).rejects.toBe(failure);
      expect(await threshold()).toBe(before);
    });

    test("is degraded after an interrupted bulk load, until the next one restores the setting", async () => {
      await using store = open();
      await store.ensureCollection(SPEC);
      await raw("PATCH", "/collections/operations", {
        optimizers_config: { indexing_threshold: 0 },
        metadata: { "binnacle.indexing_threshold": 7_000 },
      });
      expect((await store.health()).parts?.["operations"]).toMatchObject({
        status: "degraded",
        detail: expect.stringContaining("bulk load"),
      });
      await store.bulkLoad("operations", async () => {});
      const { config } = await asStored();
      expect(config.optimizer_config.indexing_threshold).toBe(7_000);
      expect(config.metadata).not.toHaveProperty(["binnacle.indexing_threshold"]);
      expect(await store.health()).toMatchObject({ status: "ok" });
    });

    test("lets a writer detect a writer in another process", async () => {
      await using mine = open();
      await using theirs = open();
      await mine.ensureCollection(SPEC);
      const point = (n: number) => ({
        type: "upsert" as const,
        id: `00000000-0000-4000-8000-00000000000${n}`,
        chunk: {
          sourceId: "source",
          documentId: "document",
          slot: n,
          index: n,
          start: 0,
          end: 1,
          text: "x",
          context: "",
          tokens: 1,
          path: [],
          contentHash: "hash",
          spaceId: "space",
          documentVersion: "1",
          mediaType: "text/plain",
        },
        metadata: {},
        dense: Float32Array.of(1, n, 0, 0),
      });
      const fence = { sourceId: "source", token: 2 };
      const [a, b] = [mine.collection("operations"), theirs.collection("operations")];
      await a.write([point(1)], { fence });
      const { epochs } = await a.write([point(2)], { fence });
      expect(await b.epoch({ sourceId: "source" })).toBe(epochs?.after);
      await b.write([point(3)], { fence: { sourceId: "source", token: 1 } });
      expect(await a.epoch({ sourceId: "source" })).not.toBe(epochs?.after);
      const stale = await b.write([point(4)], { fence: { sourceId: "source", token: 1 } });
      await a.write([point(5)], { fence });
      expect(await b.epoch({ sourceId: "source" })).not.toBe(stale.epochs?.after);
      expect(await a.count()).toBe(5);
    });

    test("is filled by the indexer and read by the retriever, and a second sync changes nothing", async () => {
      await using store = open();
      const index = defineIndex({
        name: "operations",
        chunker: await createChunker(),
        sparse: createBm25Encoder(),
        fields: { kind: "keyword" },
      });
      const manifest = new MemoryManifest();
      const documents = ["moor the ship with two lines", "the harbour opens at dawn"].map((text, i) => ({
        id: `page-${i}`,
        text,
        mediaType: "text/plain",
        metadata: { kind: i === 0 ? "deck" : "port", ratio: 0.1 + 0.2 },
      }));
      const indexer = createIndexer({ store, index, manifest });
      const first = await indexer.sync(fromDocuments(documents, { id: "pages", complete: true }));
      const second = await indexer.sync(fromDocuments(documents, { id: "pages", complete: true }));
      expect([first.documents.added, second.documents.unchanged]).toEqual([2, 2]);
      const retriever = createRetriever({ store, index });
      const { passages } = await retriever.retrieve("When does the harbour open?", {
        filter: { kind: "port" },
      });
      expect(passages.map(({ documentId }) => documentId)).toEqual(["page-1"]);
    });
  },
);

const noDouble = qdrantMissing("own");

describe.skipIf(noDouble !== undefined)(
  `a Qdrant server with a key${noDouble === undefined ? "" : `: ${noDouble}`}`,
  () => {
    test("refuses a wrong key with an error that names it, also in health", async () => {
      const server = await startQdrant({ apiKey: "right" });
      const store = new QdrantStore({ url: server.url, apiKey: "wrong" });
      await expect(store.listCollections()).rejects.toMatchObject({ code: "unauthorized" });
      expect(await store.health()).toMatchObject({
        status: "down",
        detail: expect.stringContaining("apiKey"),
      });
      const right = new QdrantStore({ url: server.url, apiKey: "right" });
      expect((await right.health()).status).toBe("ok");
      await server.close();
      expect(await right.health()).toMatchObject({
        status: "down",
        detail: expect.stringContaining(server.url),
      });
      await Promise.all([store.close(), right.close()]);
    });
  },
);

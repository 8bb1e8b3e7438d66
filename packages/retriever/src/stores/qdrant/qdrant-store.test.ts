import { UnsupportedError, type StoredChunk, type Upsert, type Write } from "@binnacle/core";
import { expect, test } from "vitest";
import { chunkPayload } from "./fixtures/chunk-payload.ts";
import { recorded } from "./fixtures/recorded.ts";
import {
  confirming,
  METADATA,
  ok,
  scriptedServer,
  type SeenRequest,
  type SentOperation,
  type SentPoint,
} from "./fixtures/scripted-server.ts";
import { QdrantStore } from "./qdrant-store.ts";

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const CHUNK: StoredChunk = { ...chunkPayload, spaceId: "space", encoderId: "encoder" };

function upsert(n: number): Upsert {
  return {
    type: "upsert",
    id: idOf(n),
    chunk: CHUNK,
    metadata: {},
    dense: Float32Array.of(3, 4, 0),
    sparse: { indices: Uint32Array.of(1), values: Float32Array.of(1) },
  };
}

const patch = (n: number): Write => ({ type: "patch", id: idOf(n), chunk: { index: 1 } });

const batches = (requests: readonly SeenRequest[]) =>
  requests.filter(({ path }) => path.includes("/points/batch"));
/** Returns the operations of a batch without those of the epochs. */
const writesOf = ({ json }: SeenRequest): readonly SentOperation[] => json.operations?.slice(3, -2) ?? [];
/** Returns the points of the first write of a request. */
const pointsOf = (request: SeenRequest | undefined): readonly SentPoint[] =>
  (request && writesOf(request)[0]?.upsert?.points) ?? [];
const payloadAt = (request: SeenRequest | undefined, at: number) =>
  request?.json.operations?.at(at)?.set_payload?.payload["e"];

test("sends a batch in order by one request that waits", async () => {
  const { store, requests } = scriptedServer(confirming);
  const writes: readonly Write[] = [
    upsert(1),
    upsert(2),
    patch(3),
    { type: "delete", id: idOf(1) },
    upsert(2),
  ];
  await store.collection("docs").write([upsert(9)]);
  const before = requests.length;
  const { failures } = await store.collection("docs").write(writes);
  expect(failures.size).toBe(0);
  expect(requests.length - before).toBe(1);
  const [request] = batches(requests.slice(before));
  expect(request?.path).toBe("/collections/docs/points/batch?wait=true");
  expect(request && writesOf(request).map((operation) => Object.keys(operation)[0])).toEqual([
    "upsert",
    "set_payload",
    "delete",
    "upsert",
  ]);
});

test("stores a cosine vector with length 1, and its original length", async () => {
  const { store, requests } = scriptedServer(confirming);
  await store.collection("docs").write([upsert(1)]);
  const [request] = batches(requests);
  const [point] = pointsOf(request);
  expect(point?.vector.dense.map((value) => value.toFixed(3))).toEqual(["0.600", "0.800", "0.000"]);
  expect(point?.payload["_l"]).toBe(5);
});

test("never names a point twice in one operation", async () => {
  const { store, requests } = scriptedServer(confirming);
  await store.collection("docs").write([upsert(1), upsert(1), upsert(2)]);
  const [request] = batches(requests);
  expect(request && writesOf(request).map((operation) => operation.upsert?.points.length)).toEqual([1, 2]);
});

test("splits a batch by count and by bytes, and keeps its epochs in one chain", async () => {
  const { store, requests } = scriptedServer(confirming, { batch: { maxWrites: 2 } });
  const { epochs } = await store.collection("docs").write([1, 2, 3].map(upsert));
  const [first, second] = batches(requests);
  expect([first, second].map((request) => pointsOf(request).length)).toEqual([2, 1]);
  const left = payloadAt(first, -2);
  expect(second?.json.operations?.[1]?.set_payload?.filter?.must[1]).toEqual({
    key: "e",
    match: { value: left },
  });
  expect(epochs?.after).toContain(payloadAt(second, -2));
  const tight = scriptedServer(confirming, { batch: { maxBytes: 700 } });
  await tight.store.collection("docs").write([1, 2, 3].map(upsert));
  expect(batches(tight.requests)).toHaveLength(3);
});

test("reports a patch of a missing point, and sends only the writes that were not applied again", async () => {
  const missing = new Set([idOf(2)]);
  const { store, requests } = scriptedServer((request) => {
    const found = request.json.operations?.find((operation) =>
      missing.has(operation.set_payload?.points?.[0] ?? ""),
    );
    if (!found) return confirming(request);
    const { status, body } = recorded("set payload missing point");
    return { status, body: body.replace(idOf(999), idOf(2)) };
  });
  const { failures } = await store.collection("docs").write([upsert(1), patch(2), upsert(3)]);
  expect(failures.get(1)?.code).toBe("not_found");
  const [, second] = batches(requests);
  expect(pointsOf(second).map(({ id }) => id)).toEqual([idOf(3)]);
});

test("sends a write in halves after a timeout of the server", async () => {
  const { store, requests } = scriptedServer((request) => {
    const points = request.path.includes("/points/batch") ? pointsOf(request) : [];
    return points.length > 2 ? { status: 408, body: '{"status":{"error":"Timeout"}}' } : confirming(request);
  });
  const { failures } = await store.collection("docs").write([1, 2, 3, 4].map(upsert));
  expect(failures.size).toBe(0);
  expect(batches(requests).map((request) => pointsOf(request).length)).toEqual([4, 2, 2]);
});

test.each(["acknowledged", "wait_timeout"])(
  "does not count an operation as done while it is %s",
  async (status) => {
    const { store } = scriptedServer((request) =>
      request.path.includes("/batch") ? ok([{ status: "completed" }, { status }]) : confirming(request),
    );
    await expect(store.collection("docs").write([upsert(1)])).rejects.toMatchObject({
      code: "not_confirmed",
      retryable: true,
    });
  },
);

test("repeats the same etags and epochs in a retry", async () => {
  let calls = 0;
  const { store, requests } = scriptedServer(
    (request) => {
      calls += request.path.includes("/batch") ? 1 : 0;
      return calls === 1 && request.path.includes("/batch") ? { status: 503, body: "" } : confirming(request);
    },
    { maxAttempts: 2 },
  );
  await store.collection("docs").write([upsert(1)]);
  const [first, second] = batches(requests);
  expect(second?.json).toEqual(first?.json);
});

test("sends one request for a search, also with several legs and queries (Q9)", async () => {
  const { store, requests } = scriptedServer(confirming);
  const dense = { dense: Float32Array.of(1, 0, 0), minScore: 0.5 };
  const sparse = { sparse: { indices: Uint32Array.of(1), values: Float32Array.of(1) } };
  const query = { legs: [dense, sparse], limit: 5, filter: { kind: "a" } } as const;
  await store.collection("docs").searchMany([query, { ...query, legs: [dense] }]);
  const asked = requests.filter(({ path }) => path.endsWith("/query/batch"));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.json.searches).toEqual([
    {
      query: [1, 0, 0],
      using: "dense",
      params: { quantization: { rescore: true, oversampling: 2 } },
      limit: 50,
      with_payload: true,
      filter: { must: [{ key: "m.kind", match: { value: "a" } }] },
      score_threshold: Math.fround(0.5 - 2 ** -25),
    },
    expect.objectContaining({ query: { indices: [1], values: [1] }, using: "sparse", limit: 50 }),
    expect.objectContaining({ using: "dense", limit: 5 }),
  ]);
});

test("counts a tenant's IDF over its own points from 1.19 on, and refuses it before", async () => {
  const metadata = { ...METADATA, "binnacle.tenancy": "required" };
  const { store, requests } = scriptedServer(confirming, { metadata, version: "1.19.0" });
  const sparse = { sparse: { indices: Uint32Array.of(1), values: Float32Array.of(1) } };
  await store.collection("docs", { tenant: "t" }).search({ legs: [sparse], limit: 1 });
  const must = [{ key: "_t", match: { value: "t" } }];
  expect(requests.at(-1)?.json.searches?.[0]).toMatchObject({
    params: { idf: { corpus: { must } } },
    filter: { must },
  });
  const old = scriptedServer(confirming).store;
  const spec = { name: "x", sparse: { encoderId: "e" }, tenancy: "required" } as const;
  await expect(old.ensureCollection(spec)).rejects.toThrow(UnsupportedError);
  expect((await old.capabilities()).idfScopes).toEqual(["collection"]);
});

test("refuses a server below 1.18 and names its version", async () => {
  const { store } = scriptedServer(confirming, { version: "1.17.1" });
  await expect(store.collection("docs").count()).rejects.toThrow(/Qdrant 1\.17\.1, but version 1\.18/);
  expect(await store.health()).toMatchObject({ status: "down", detail: expect.stringContaining("1.17.1") });
});

test("neither uses, deletes nor lists a collection of another tool", async () => {
  const { store, requests } = scriptedServer(
    ({ path }) =>
      path === "/collections" ? ok({ collections: [{ name: "docs" }, { name: "a b" }] }) : ok([]),
    { metadata: null },
  );
  const spec = { name: "docs", dense: { spaceId: "space", dimensions: 3 } };
  await expect(store.ensureCollection(spec)).rejects.toMatchObject({ code: "collection_mismatch" });
  await expect(store.deleteCollection("docs")).rejects.toMatchObject({ code: "collection_mismatch" });
  await expect(store.collection("docs").count()).rejects.toMatchObject({ code: "collection_mismatch" });
  expect(await store.listCollections()).toEqual([]);
  expect(requests.every(({ method }) => method === "GET")).toBe(true);
});

test("sends the key with every request and never shows it in an error", async () => {
  const { store, requests } = scriptedServer(
    () => ({ status: 401, body: "Invalid API key or JWT: s3cret" }),
    {
      apiKey: "s3cret",
    },
  );
  const error = await store
    .collection("docs")
    .count()
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "unauthorized", message: expect.not.stringContaining("s3cret") });
  expect(requests.every(({ headers }) => headers["api-key"] === "s3cret")).toBe(true);
});

test("reports an unreachable server as down, with its address", async () => {
  const store = new QdrantStore({
    url: "http://127.0.0.1:1",
    maxAttempts: 1,
    fetch: () => Promise.reject(refused),
  });
  expect(await store.health()).toMatchObject({
    status: "down",
    detail: expect.stringContaining("127.0.0.1:1"),
  });
});

const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

test("refuses invalid options and names each", () => {
  expect(() => new QdrantStore({ url: "localhost" })).toThrow(/url/);
  expect(() => new QdrantStore(JSON.parse('{"url": "http://q", "apikey": "x"}'))).toThrow(/apikey/);
  expect(() => new QdrantStore({ url: "http://q", batch: { maxBytes: 40 * 2 ** 20 } })).toThrow(
    /batch\.maxBytes/,
  );
  const collections = { replicas: 1, writeConsistency: 2 };
  expect(() => new QdrantStore({ url: "http://q", collections })).toThrow(/writeConsistency/);
});

test("changes the epoch with each half, so that no reader takes the first half for the whole", async () => {
  const { store, requests } = scriptedServer((request) => {
    const points = request.path.includes("/points/batch") ? pointsOf(request) : [];
    return points.length > 1 ? { status: 413, body: "" } : confirming(request);
  });
  const { epochs } = await store.collection("docs").write([1, 2].map(upsert));
  const [, first, second] = batches(requests);
  expect(payloadAt(first, -2)).not.toBe(payloadAt(second, -2));
  expect(epochs?.after).toContain(payloadAt(second, -2));
});

test("limits the points per request to what a response can hold", async () => {
  const { store, requests } = scriptedServer((request) =>
    request.path.endsWith("/scroll") ? ok({ points: [], next_page_offset: null }) : confirming(request),
  );
  for await (const _ of store.collection("docs").scan({ pageSize: 10_000, includeVectors: true })) break;
  expect(requests.at(-1)?.json["limit"]).toBe(500);
});

test("sends many searches in bounded requests", async () => {
  const { requests, store } = scriptedServer(confirming);
  const query = { legs: [{ dense: Float32Array.of(1, 0, 0) }], limit: 1 } as const;
  const hits = await store.collection("docs").searchMany(Array.from({ length: 600 }, () => query));
  expect(hits).toHaveLength(600);
  const sizes = requests.flatMap(({ json }) => (json.searches ? [json.searches.length] : []));
  expect(sizes).toEqual([256, 256, 88]);
});

// The traps of a Qdrant server that need no server to show: each test sends, or is answered, what a real
// server of version 1.18 makes of it.
import type { CollectionSpec, Leg, Upsert } from "@binnacle/core";
import { expect, test, vi } from "vitest";
import { chunkPayload } from "./fixtures/chunk-payload.ts";
import {
  answeringFetch,
  confirming,
  description,
  METADATA,
  ok,
  scriptedServer,
  type Answer,
  type SeenRequest,
} from "./fixtures/scripted-server.ts";
import { recorded } from "./fixtures/recorded.ts";
import { QdrantStore } from "./qdrant-store.ts";

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const chunk = { ...chunkPayload, spaceId: "space", encoderId: "encoder" };
const upsert = (n: number): Upsert => ({
  type: "upsert",
  id: idOf(n),
  chunk,
  metadata: {},
  dense: Float32Array.of(3, 4, 0),
  sparse: { indices: Uint32Array.of(7), values: Float32Array.of(1) },
});
const payload = { ...chunk, m: {}, _v: 1, _l: 5 };
const SPEC: CollectionSpec = {
  name: "docs",
  dense: { spaceId: "space", dimensions: 3 },
  sparse: { encoderId: "encoder", idf: "bm25" },
  fields: { kind: "keyword" },
};
const dense = Float32Array.of(1, 0, 0);

test("waits for every change, because the server drops points silently otherwise", async () => {
  const { store, requests } = scriptedServer((request) => {
    if (request.path.includes("/index")) return ok({ status: "completed" });
    return request.path.endsWith("/count") ? ok({ count: 1 }) : confirming(request);
  });
  await store.ensureCollection(SPEC);
  await store.collection("docs").write([upsert(1), { type: "delete", id: idOf(2) }]);
  await store.collection("docs").deleteWhere({ sourceId: "source" });
  const changes = requests.filter(({ method, path }) => method === "PUT" || path.includes("/points/batch"));
  expect(changes.length).toBeGreaterThan(3);
  for (const { path } of changes) expect(path).toContain("wait=true");
});

test("never deletes by a filter without a condition, which would delete every point", async () => {
  const { store, requests } = scriptedServer(() => ok({ count: 1 }));
  const docs = store.collection("docs");
  for (const selector of [{}, { filter: {} }, { filter: { $and: [] } }])
    await expect(docs.deleteWhere(selector)).rejects.toMatchObject({ code: "invalid_configuration" });
  expect(requests.some(({ path }) => path.includes("/points/batch"))).toBe(false);
});

test.each([
  ["https://qdrant.test", "https://qdrant.test/"],
  ["https://qdrant.test:443", "https://qdrant.test/"],
  ["http://qdrant.test:80", "http://qdrant.test/"],
  ["http://qdrant.test:6333/proxy/", "http://qdrant.test:6333/proxy/"],
])("keeps the port of %s, and adds none", async (url, expected) => {
  const { fetch, requests } = answeringFetch(() => recorded("root"));
  await new QdrantStore({ url, fetch }).capabilities();
  expect(requests.map((request) => request.url)).toEqual([expected]);
});

test("sends and prints nothing before the first call", async () => {
  const printed = vi.spyOn(console, "warn");
  const { fetch, requests } = answeringFetch(() => recorded("root"));
  const store = new QdrantStore({ url: "http://qdrant.test:6333", apiKey: "key", fetch });
  store.collection("docs");
  await new Promise(setImmediate);
  expect(requests).toEqual([]);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

test("reads from the first hit to the end of the page, because an offset would cut each leg", async () => {
  const { store, requests } = scriptedServer(confirming);
  await store.collection("docs").search({ legs: [{ dense }], limit: 3, offset: 4 });
  const sparse = { indices: Uint32Array.of(7), values: Float32Array.of(1) };
  await store.collection("docs").search({ legs: [{ dense }, { sparse }], limit: 3, offset: 40 });
  const sent = requests.flatMap(({ json }) => json.searches ?? []);
  expect(sent.map(({ limit }) => limit)).toEqual([7, 172, 172]);
  expect(sent.every((search) => !("offset" in search))).toBe(true);
});

test("drops a hit whose score is infinite, and a sparse hit whose score is 0", async () => {
  const points = [
    { id: idOf(1), score: null, payload },
    { id: idOf(2), score: 0, payload },
    { id: idOf(3), score: 0.5, payload },
  ];
  const { store } = scriptedServer(({ json }) => ok(json.searches?.map(() => ({ points }))));
  const docs = store.collection("docs");
  const ids = async (leg: Leg): Promise<readonly string[]> =>
    (await docs.search({ legs: [leg], limit: 5 })).map(({ id }) => id);
  expect(await ids({ dense })).toEqual([idOf(3), idOf(2)]);
  expect(await ids({ sparse: { indices: Uint32Array.of(7), values: Float32Array.of(1) } })).toEqual([
    idOf(3),
  ]);
});

test("keeps hits at the threshold, although the server's own threshold drops them", async () => {
  const { store, requests } = scriptedServer(() => ok([{ points: [{ id: idOf(1), score: 0.5, payload }] }]));
  const hits = await store.collection("docs").search({ legs: [{ dense, minScore: 0.5 }], limit: 1 });
  expect(hits).toHaveLength(1);
  const [search] = requests.flatMap(({ json }) => json.searches ?? []);
  expect(search?.["score_threshold"]).toBeLessThan(0.5);
  expect(Math.fround(Number(search?.["score_threshold"]))).toBeGreaterThan(0.4999);
});

test.each<[what: string, answer: Answer]>([
  ["no result", ok(null)],
  ["a point with a number as id, which JSON may round", ok([{ id: 2 ** 53, payload }])],
  ["a damaged point", ok([{ id: idOf(1), payload: { ...payload, text: 5 } }])],
  ["half of the JSON", { status: 200, body: '{"result":[{"id":' }],
])("rejects with a typed error if a read is answered with %s", async (_, answer) => {
  const { store } = scriptedServer(() => answer);
  await expect(store.collection("docs").get([idOf(1)])).rejects.toMatchObject({ code: "invalid_response" });
});

test("rejects if the server answers fewer searches than were asked", async () => {
  const { store } = scriptedServer(() => ok([]));
  await expect(store.collection("docs").search({ legs: [{ dense }], limit: 1 })).rejects.toMatchObject({
    code: "invalid_response",
    message: expect.stringContaining("1 searches with 0 rankings"),
  });
});

test.each([
  [2, 2, true],
  [2, 1, false],
  [1, 1, true],
])(
  "orders writes of a collection with %i copies, and reports epochs if %i confirm: %s (Q13)",
  async (replicas, confirmations, hasEpochs) => {
    const params = { replication_factor: replicas, write_consistency_factor: confirmations };
    const whole = { ...described, config: { ...described.config, params } };
    const { fetch, requests } = answeringFetch((request) => answerOf(request, whole));
    const store = new QdrantStore({ url: "http://qdrant.test:6333", fetch, maxAttempts: 1 });
    const { epochs } = await store.collection("docs").write([upsert(1)]);
    expect(epochs !== undefined).toBe(hasEpochs);
    expect(typeof (await store.collection("docs").epoch()) === "string").toBe(hasEpochs);
    const [batch] = requests.filter(({ path }) => path.includes("/points/batch"));
    expect(batch?.path.includes("ordering=strong")).toBe(replicas > 1);
  },
);

test("takes the collection that another process created first, and compares its spec", async () => {
  const ensure = (spec: CollectionSpec) => {
    let isThere = false;
    const { fetch } = answeringFetch((request) => {
      if (request.method === "PUT" && request.path === "/collections/docs") {
        isThere = true;
        return recorded("create again");
      }
      if (request.path === "/collections/docs" && !isThere) return recorded("missing collection query");
      return request.path.includes("/index") ? ok({ status: "completed" }) : answerOf(request, described);
    });
    return new QdrantStore({ url: "http://qdrant.test:6333", fetch, maxAttempts: 1 }).ensureCollection(spec);
  };
  expect(await ensure(SPEC)).toMatchObject({
    outcome: "exists",
    incarnation: METADATA["binnacle.incarnation"],
  });
  const other = { ...SPEC, dense: { spaceId: "space", dimensions: 4 } };
  await expect(ensure(other)).rejects.toMatchObject({ code: "collection_mismatch" });
});

test("reads the statistics of many terms by two requests at once (Q9)", async () => {
  const { store, requests } = scriptedServer(confirming);
  await store.collection("docs").count();
  const before = requests.length;
  await store.collection("docs").termStatistics(Uint32Array.from({ length: 64 }, (_, i) => i));
  expect(requests.slice(before).map(({ path }) => path)).toEqual([
    "/collections/docs/points/count",
    "/collections/docs/points/query/batch",
  ]);
});

test("names the expected version in the condition of each conditional write", async () => {
  const { store, requests } = scriptedServer(confirming);
  const docs = store.collection("docs");
  await docs.write([
    { ...upsert(1), ifVersion: 0 },
    { ...upsert(2), ifVersion: 9 },
  ]);
  const [batch] = requests.filter(({ path }) => path.includes("/points/batch"));
  const conditional = JSON.stringify(batch?.json.operations?.slice(3, -2));
  expect(conditional).toContain('"update_mode":"insert_only"');
  expect(conditional).toContain(
    '"update_mode":"update_only","update_filter":{"must":[{"key":"_v","match":{"value":9}}]}',
  );
});

const described = Object.assign({ config: {} }, description(METADATA));

function answerOf(request: SeenRequest, whole: object): Answer {
  if (request.path === "/") return recorded("root");
  if (request.method === "GET" && request.path === "/collections/docs") return ok(whole);
  return confirming(request);
}

import type { CollectionSpec, Upsert } from "@binnacle/core";
import { expect, test } from "vitest";
import { chunkPayload } from "./fixtures/chunk-payload.ts";
import { recorded } from "./fixtures/recorded.ts";
import { confirming, ok, scriptedServer, type Answer, type SeenRequest } from "./fixtures/scripted-server.ts";
import { QdrantStore } from "./qdrant-store.ts";

const SPEC: CollectionSpec = {
  name: "docs",
  dense: { spaceId: "space", dimensions: 3 },
  sparse: { encoderId: "encoder", idf: "bm25" },
  fields: { kind: "keyword" },
};
const UPSERT: Upsert = {
  type: "upsert",
  id: "00000000-0000-4000-8000-000000000001",
  chunk: { ...chunkPayload, spaceId: "space", encoderId: "encoder" },
  metadata: {},
  dense: Float32Array.of(3, 4, 0),
  sparse: { indices: Uint32Array.of(1), values: Float32Array.of(1) },
};
const search = { legs: [{ dense: Float32Array.of(1, 0, 0) }], limit: 1 } as const;

/** Answers every request that changes something by a recorded refusal. */
const refusing =
  (name: string) =>
  (request: SeenRequest): Answer =>
    isChange(request) ? recorded(name) : confirming(request);

function isChange({ method, path }: SeenRequest): boolean {
  return method === "PUT" || method === "PATCH" || method === "DELETE" || path.includes("/points/batch");
}

test("rejects every call while the server is absent, and names the address and the way out", async () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const fetch = () => Promise.reject(refused);
  const store = new QdrantStore({ url: "http://127.0.0.1:1", maxAttempts: 1, fetch });
  const docs = store.collection("docs");
  for (const call of [
    () => store.ensureCollection(SPEC),
    () => docs.write([UPSERT]),
    () => docs.search(search),
    () => docs.count(),
  ])
    await expect(call()).rejects.toMatchObject({
      code: "unreachable",
      retryable: true,
      url: expect.stringContaining("http://127.0.0.1:1"),
    });
});

test.each<[what: string, spec: CollectionSpec, path: string]>([
  ["vector size", { ...SPEC, dense: { spaceId: "space", dimensions: 4 } }, "dense.dimensions"],
  ["metric", { ...SPEC, dense: { spaceId: "space", dimensions: 3, metric: "dot" } }, "dense.metric"],
  ["space", { ...SPEC, dense: { spaceId: "other", dimensions: 3 } }, "dense.spaceId"],
  ["tenancy", { ...SPEC, tenancy: "required" }, "tenancy"],
])("refuses a collection with another %s, and changes nothing", async (_, spec, path) => {
  const { store, requests } = scriptedServer(confirming, { version: "1.19.0" });
  await expect(store.ensureCollection(spec)).rejects.toMatchObject({
    code: "collection_mismatch",
    issues: expect.arrayContaining([expect.objectContaining({ path })]),
  });
  expect(requests.filter(isChange)).toEqual([]);
});

test("loses nothing when the disk is full: one attempt, a typed error, reads go on, a repetition succeeds", async () => {
  let isFull = true;
  const full = { status: 507, body: '{"status":{"error":"Insufficient storage: disk"}}' };
  const { store, requests } = scriptedServer(
    (request) => (isFull && isChange(request) ? full : confirming(request)),
    { maxAttempts: 3 },
  );
  const docs = store.collection("docs");
  const failure = { code: "store_full", retryable: false, message: expect.stringMatching(/raise its quota/) };
  await expect(docs.write([UPSERT])).rejects.toMatchObject(failure);
  expect(requests.filter(isChange)).toHaveLength(1);
  await expect(docs.search(search)).resolves.toEqual([]);
  await expect(docs.deleteWhere({ sourceId: "source" })).resolves.toBe(0);
  isFull = false;
  const before = requests.length;
  const { failures } = await docs.write([UPSERT]);
  expect(failures.size).toBe(0);
  // The outcome of the failed request is unknown, so the epoch is read again.
  expect(requests.slice(before).map(({ path }) => path)).toEqual([
    "/collections/docs/points",
    "/collections/docs/points/batch?wait=true",
  ]);
});

test.each([
  ["a full disk", { status: 507, body: '{"status":{"error":"Insufficient storage"}}' }, "store_full"],
  ["a read-only key", recorded("read-only key writes"), "forbidden"],
  ["a wrong key", recorded("wrong key"), "unauthorized"],
])("creates nothing by halves with %s", async (_, refusal, code) => {
  const { store, requests } = scriptedServer((request) => {
    if (request.path === "/collections/new" && request.method === "GET")
      return recorded("missing collection query");
    return refusal;
  });
  await expect(store.ensureCollection({ ...SPEC, name: "new" })).rejects.toMatchObject({ code });
  const changes = requests.filter(isChange);
  expect(changes.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT /collections/new"]);
});

test("reads with a read-only key, and refuses writes by a typed error", async () => {
  const { store, requests } = scriptedServer(refusing("read-only key writes"), { maxAttempts: 3 });
  const docs = store.collection("docs");
  await expect(docs.search(search)).resolves.toEqual([]);
  await expect(docs.write([UPSERT])).rejects.toMatchObject({ code: "forbidden", retryable: false });
  expect(requests.filter(isChange)).toHaveLength(1);
});

test("names what strict mode refuses in a search, and does not retry it", async () => {
  const { store, requests } = scriptedServer(
    (request) => (request.json.searches ? recorded("strict unindexed") : confirming(request)),
    { maxAttempts: 3 },
  );
  await expect(store.collection("docs").search(search)).rejects.toMatchObject({
    code: "strict_mode",
    message: expect.stringMatching(/Index required/),
  });
  expect(requests.filter(({ json }) => json.searches)).toHaveLength(1);
});

test("sends a batch in parts that strict mode accepts, and loses no write", async () => {
  const points = (request: SeenRequest) =>
    request.json.operations?.flatMap(({ upsert }) => upsert?.points ?? []).slice(1) ?? [];
  const { store, requests } = scriptedServer((request) =>
    points(request).length > 3 ? recorded("strict batch") : confirming(request),
  );
  const ids = [1, 2, 3, 4, 5, 6, 7].map((n) => UPSERT.id.slice(0, -1) + n);
  await store.collection("docs").write(ids.map((id) => ({ ...UPSERT, id })));
  const stored = requests.map(points).filter((each) => each.length <= 3);
  expect(stored.flat().map(({ id }) => id)).toEqual(ids);
});

test("rejects with a typed error if another tool answers at the address", async () => {
  const other = { status: 200, body: '{"name":"elastic","version":"8"}' };
  const { store } = scriptedServer(() => ok({}), { fetch: answering(other) });
  await expect(store.collection("docs").count()).rejects.toMatchObject({ code: "invalid_response" });
});

const answering = (answer: Answer) => async () => ({
  status: answer.status,
  headers: new Headers(),
  body: (async function* () {
    yield new TextEncoder().encode(answer.body);
  })(),
});

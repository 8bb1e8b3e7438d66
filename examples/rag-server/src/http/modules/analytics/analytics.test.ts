import { afterAll, beforeAll, expect, test } from "vitest";
import { createKeyRing } from "../../../guard/keys/key-ring.ts";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";
import { testKey } from "../../../testing/test-keys.ts";
import { searchReply } from "./analytics-schemas.ts";

const admin = testKey("admin", { roles: ["admin"] });
const acme = testKey("acme", { roles: ["manager"], tenant: "acme" });

let api: OpenedApi;

beforeAll(async () => {
  api = await openApi({ keys: createKeyRing(() => [admin.stored, acme.stored]) });
  await api.call("POST", "/collections", { name: "knowledge_base" }, admin.headers);
  const texts = [
    "rotate the signing key",
    "the signing key expired",
    "bake the bread",
    "knead the bread dough",
  ];
  const operations = [...texts, "bake the bread"].map((text, i) => ({ op: "upsert", id: `n${i}`, text }));
  await api.call("POST", "/vectors/batch", { operations }, admin.headers);
  const ask = (body: object) => api.call("POST", "/vectors/search", body, admin.headers);
  await ask({ text: "signing key of ada@example.com", mode: "dense" });
  await ask({ text: "bread", mode: "lexical" });
  await ask({ text: "Bread", mode: "lexical" });
  await ask({ text: "zebra", mode: "lexical" });
  await ask({ vector: [1, 0, 0, 0, 0, 0, 0, 0] });
});

afterAll(() => api.close());

const get = async (path: string) => (await api.call("GET", path, undefined, admin.headers)).json<unknown>();

test("describes the points of a collection as they are stored (Q35)", async () => {
  expect(await get("/analytics/vectors")).toMatchObject({
    points: 5,
    documents: 5,
    spaces: { fake: 5 },
    dimensions: 8,
    vector_bytes: 160,
    duplicates: 2,
    tokens: { count: 5 },
  });
});

test("reports the recorded searches by text, without addresses (Q36)", async () => {
  const found = searchReply.parse(await get("/analytics/search"));
  expect(found).toMatchObject({
    searches: 4,
    failed: 0,
    zero_hit_rate: 0.25,
    latency_ms: { count: 4 },
    popular: [{ query: "bread", searches: 2, users: 1 }, {}, {}],
    unanswered: [{ query: "zebra", zero_hit_rate: 1 }],
  });
  expect(JSON.stringify(found)).not.toContain("ada@");
  const { timeline } = found;
  expect(timeline).toHaveLength(24);
  expect(timeline.at(-1)).toMatchObject({ searches: 4, without_hits: 1, p95_ms: expect.any(Number) });
});

test("reports users and times, with a hash for each user (Q37)", async () => {
  const found = await get("/analytics/usage");
  expect(found).toMatchObject({ users: 1, days: [{ searches: 4, users: 1 }], top_users: [{ searches: 4 }] });
  expect(JSON.stringify(found)).not.toContain("admin");
});

test("shows a tenant none of the others' searches (Q36)", async () => {
  const reply = await api.call("GET", "/analytics/search", undefined, acme.headers);
  expect(reply.json()).toMatchObject({ searches: 0, popular: [] });
});

test("groups points by meaning, the same for the same seed (Q28)", async () => {
  const cluster = async () =>
    (await api.call("POST", "/vectors/cluster", { clusters: 2, seed: 7 }, admin.headers)).json<{
      clusters: { size: number; exemplars: { id: string }[] }[];
      total: number;
    }>();
  const [first, again] = [await cluster(), await cluster()];
  expect(first.total).toBe(5);
  expect(first.clusters.map(({ size }) => size)).toEqual([3, 2]);
  expect(first.clusters[1]?.exemplars.map(({ id }) => id).toSorted()).toEqual(["n2", "n4"]);
  expect(again.clusters).toEqual(first.clusters);
  const none = await api.call("POST", "/vectors/cluster", { clusters: 0 }, admin.headers);
  expect(none.statusCode).toBe(400);
});

import { FakeEmbedder } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";

let api: OpenedApi;
let embedder: FakeEmbedder;

beforeAll(async () => {
  embedder = new FakeEmbedder({ dimensions: 8 });
  api = await openApi({ parts: { embedder } });
  await api.call("POST", "/collections", { name: "knowledge_base", fields: { topic: "keyword" } });
  await api.call("POST", "/collections", { name: "plain", dimensions: 3, text_search: false });
});

afterAll(() => api.close());

async function versionOf(id: string): Promise<number> {
  const read = await api.call("GET", `/vectors/${id}`);
  return read.json<{ version: number }>().version;
}

describe("POST /vectors/insert", () => {
  test("stores a vector under any id, and returns it on request (Q20, Q24)", async () => {
    const point = {
      collection: "plain",
      id: "a/b é",
      vector: [1, 0.5, 0],
      metadata: { n: 1, deep: { x: [] } },
    };
    const stored = await api.call("POST", "/vectors/insert", point);
    expect(stored.statusCode).toBe(201);
    expect(stored.json()).toEqual({ id: "a/b é", collection: "plain" });
    const path = `/vectors/${encodeURIComponent("a/b é")}?collection=plain`;
    const read = (await api.call("GET", path)).json();
    expect(read).toMatchObject({ id: "a/b é", text: "", metadata: point.metadata });
    expect(read).not.toHaveProperty("vector");
    expect((await api.call("GET", `${path}&include_vector=true`)).json()).toMatchObject({
      vector: [1, 0.5, 0],
    });
  });

  test("embeds a text that brings no vector (Q20)", async () => {
    const before = embedder.calls;
    await api.call("POST", "/vectors/insert", {
      id: "t1",
      text: "The vault is in Oslo.",
      metadata: { topic: "ops" },
    });
    expect(embedder.calls).toBe(before + 1);
    expect((await api.call("GET", "/vectors/t1")).json()).toMatchObject({ text: "The vault is in Oslo." });
  });

  test.each([
    ["another dimension", { collection: "plain", vector: [1, 2] }, 400, "invalid_vector", /2 numbers, but 3/],
    ["zeros only", { collection: "plain", vector: [0, 0, 0] }, 400, "invalid_vector", /zeros/],
    ["neither vector nor text", { collection: "plain" }, 400, "invalid_vector", /neither/],
    ["a text for foreign vectors", { collection: "plain", text: "x" }, 409, "wrong_space", /external-3/],
    ["a field of the wrong type", { text: "x", metadata: { topic: 5 } }, 400, "invalid_metadata", /topic/],
    ["a missing collection", { collection: "none", text: "x" }, 404, "not_found", /"none"/],
    [
      "a path as collection",
      { collection: "../../etc/passwd", text: "x" },
      400,
      "invalid_request",
      /collection/,
    ],
    ["an unknown field", { text: "x", vektor: [1] }, 400, "invalid_request", /vektor/],
  ])("refuses %s with a status and a reason (Q20)", async (_, body, status, code, message) => {
    const refused = await api.call("POST", "/vectors/insert", body);
    expect(refused.statusCode).toBe(status);
    expect(refused.json()).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("applies a repeated request with the same idempotency key once (Q20)", async () => {
    const headers = { "idempotency-key": "k1" };
    const body = { text: "Once only.", metadata: { topic: "once" } };
    const first = await api.call("POST", "/vectors/insert", body, headers);
    const again = await api.call("POST", "/vectors/insert", body, headers);
    expect(again.json()).toEqual(first.json());
    expect(again.headers["idempotency-replayed"]).toBe("true");
    const found = await api.call("POST", "/vectors/search", { text: "once", filter: { topic: "once" } });
    expect(found.json<{ hits: unknown[] }>().hits).toHaveLength(1);
    const other = await api.call("POST", "/vectors/insert", { ...body, text: "Twice." }, headers);
    expect(other.statusCode).toBe(422);
    expect(other.json()).toMatchObject({ code: "idempotency_mismatch" });
  });

  test("tries a failed write again under the same idempotency key", async () => {
    const headers = { "idempotency-key": "k2" };
    const early = await api.call("POST", "/vectors/insert", { collection: "later", vector: [1] }, headers);
    expect(early.statusCode).toBe(404);
    await api.call("POST", "/collections", { name: "later", dimensions: 1 });
    const now = await api.call("POST", "/vectors/insert", { collection: "later", vector: [1] }, headers);
    expect(now.statusCode).toBe(201);
  });
});

test("applies only what failed before, if a batch is repeated under its idempotency key (Q21)", async () => {
  const headers = { "idempotency-key": "k3" };
  await api.call("DELETE", "/vectors/late");
  const operations = [
    { op: "upsert", id: "first", text: "Once.", expected_version: 0 },
    { op: "update", id: "late", metadata: { topic: "late" } },
    { op: "upsert", text: "Without an id." },
  ];
  const send = () => api.call("POST", "/vectors/batch", { operations }, headers);
  const early = await send();
  expect(early.statusCode).toBe(207);
  expect(early.json()).toMatchObject({ failed: 1, outcomes: [{}, { error: { code: "not_found" } }, {}] });
  expect((await send()).json()).toEqual(early.json());
  await api.call("POST", "/vectors/insert", { id: "late", text: "Now it exists." });
  const now = await send();
  expect([now.statusCode, now.headers["idempotency-replayed"]]).toEqual([200, undefined]);
  const { outcomes } = early.json<{ outcomes: object[] }>();
  expect(now.json()).toMatchObject({ outcomes: [outcomes[0], { index: 1, status: "updated" }, outcomes[2]] });
  expect((await send()).headers["idempotency-replayed"]).toBe("true");
});

test("applies the later operations of an id again after its failed one, if a batch is repeated (Q21)", async () => {
  const headers = { "idempotency-key": "k4" };
  await api.call("DELETE", "/vectors/twice");
  const operations = [
    { op: "update", id: "twice", metadata: { topic: "old" } },
    { op: "upsert", id: "twice", text: "New.", metadata: { topic: "new" } },
  ];
  const send = () => api.call("POST", "/vectors/batch", { operations }, headers);
  expect((await send()).json()).toMatchObject({ failed: 1, outcomes: [{ status: "failed" }, {}] });
  expect((await send()).json()).toMatchObject({ failed: 0 });
  expect((await api.call("GET", "/vectors/twice")).json()).toMatchObject({ metadata: { topic: "new" } });
});

describe("PUT /vectors/{id}", () => {
  test("changes metadata without embedding, and a text with it (Q22)", async () => {
    await api.call("POST", "/vectors/insert", { id: "u1", text: "Old words.", metadata: { topic: "a" } });
    const before = embedder.calls;
    const patched = await api.call("PUT", "/vectors/u1", { metadata: { topic: "b" } });
    expect(patched.json()).toEqual({ id: "u1", collection: "knowledge_base", embedded: false });
    expect(embedder.calls).toBe(before);
    const changed = await api.call("PUT", "/vectors/u1", { text: "New words." });
    expect(changed.json()).toMatchObject({ embedded: true });
    expect(embedder.embedded.at(-1)).toBe("New words.");
    expect((await api.call("GET", "/vectors/u1")).json()).toMatchObject({
      text: "New words.",
      metadata: { topic: "b" },
    });
  });

  test("refuses a change of another version than expected with 409 (Q22)", async () => {
    await api.call("POST", "/vectors/insert", { id: "u2", text: "One." });
    const version = await versionOf("u2");
    const first = await api.call("PUT", "/vectors/u2", { text: "Two.", expected_version: version });
    expect(first.statusCode).toBe(200);
    const late = await api.call("PUT", "/vectors/u2", { text: "Three.", expected_version: version });
    expect(late.statusCode).toBe(409);
    expect(late.json()).toMatchObject({ code: "version_conflict" });
  });

  test("replies 404 for a missing point (Q22)", async () => {
    for (const body of [{ metadata: {} }, { text: "x" }])
      expect((await api.call("PUT", "/vectors/none", body)).statusCode).toBe(404);
  });
});

test("deletes a point, and a repeated delete succeeds (Q23)", async () => {
  await api.call("POST", "/vectors/insert", { id: "d1", text: "Gone soon." });
  expect((await api.call("DELETE", "/vectors/d1")).json()).toMatchObject({ deleted: true });
  const again = await api.call("DELETE", "/vectors/d1");
  expect(again.statusCode).toBe(200);
  expect(again.json()).toMatchObject({ deleted: false });
  expect((await api.call("GET", "/vectors/d1")).statusCode).toBe(404);
});

describe("POST /vectors/batch", () => {
  test("reports an outcome for each operation, and 207 if some failed (Q10, Q21)", async () => {
    await api.call("POST", "/vectors/insert", { id: "b0", text: "Here." });
    const operations = [
      { op: "upsert", id: "b1", text: "First." },
      { op: "upsert", id: "b2", vector: [1, 2] },
      { op: "update", id: "missing", metadata: { topic: "x" } },
      { op: "update", id: "b0", text: "Here again." },
      { op: "delete", id: "b0", expected_version: 7 },
      { op: "upsert", id: "b3" },
    ];
    const reply = await api.call("POST", "/vectors/batch", { operations });
    expect(reply.statusCode).toBe(207);
    expect(reply.json()).toMatchObject({
      succeeded: 2,
      failed: 4,
      outcomes: [
        { index: 0, id: "b1", status: "stored" },
        { id: "b2", status: "failed", error: { code: "invalid_vector" } },
        { id: "missing", status: "failed", error: { code: "not_found" } },
        { id: "b0", status: "updated" },
        { id: "b0", status: "failed", error: { code: "version_conflict" } },
        { index: 5, status: "failed", error: { code: "invalid_vector" } },
      ],
    });
    expect((await api.call("GET", "/vectors/b0")).json()).toMatchObject({ text: "Here again." });
  });

  test("refuses more than 1,000 operations and embeds nothing (Q21)", async () => {
    const before = embedder.calls;
    const operations = Array.from({ length: 1001 }, (_, i) => ({ op: "upsert", id: `${i}`, text: "x" }));
    expect((await api.call("POST", "/vectors/batch", { operations })).statusCode).toBe(400);
    expect(embedder.calls).toBe(before);
  });
});

test("works on vectors while the embedder is down", async () => {
  const down = new FakeEmbedder({ dimensions: 8 });
  await down.close();
  const vectors = await openApi({ parts: { embedder: down } });
  await vectors.call("POST", "/collections", { name: "v", dimensions: 2, space: "own" });
  const stored = await vectors.call("POST", "/vectors/insert", { collection: "v", id: "1", vector: [1, 0] });
  const found = await vectors.call("POST", "/vectors/search", { collection: "v", vector: [1, 0] });
  await vectors.close();
  expect([stored.statusCode, found.statusCode]).toEqual([201, 200]);
});

test("lists the points of a collection by pages, without vectors (Q24)", async () => {
  await api.call("POST", "/collections", { name: "listed", dimensions: 2, space: "own" });
  const operations = ["a", "b", "c"].map((id) => ({ op: "upsert", id, vector: [1, 0], text: `text ${id}` }));
  await api.call("POST", "/vectors/batch", { collection: "listed", operations });
  const list = async (query: string) =>
    (await api.call("GET", `/vectors?collection=listed${query}`)).json<{
      points: { id: string }[];
      next: number | null;
    }>();
  const [first, last] = [await list("&limit=2"), await list("&limit=2&offset=2")];
  expect([first.points.length, first.next, last.points.length, last.next]).toEqual([2, 2, 1, null]);
  expect([...first.points, ...last.points].map(({ id }) => id).toSorted()).toEqual(["a", "b", "c"]);
  expect(first.points[0]).toMatchObject({ text: expect.stringMatching(/^text /), metadata: {} });
  expect(first.points[0]).not.toHaveProperty("vector");
  expect((await list("&limit=3")).next).toBeNull();
  expect((await list("&offset=9")).points).toEqual([]);
  expect((await api.call("GET", "/vectors?collection=none")).statusCode).toBe(404);
  expect((await api.call("GET", "/vectors?collection=listed&limit=0")).statusCode).toBe(400);
});

test("lists only the points that a filter selects, and names a wrong filter (Q24)", async () => {
  const fields = { topic: "keyword" };
  await api.call("POST", "/collections", { name: "chosen", dimensions: 2, space: "own", fields });
  const operations = ["ops", "keys", "ops", "ops"].map((topic, n) => {
    return { op: "upsert", id: `p${n}`, vector: [1, 0], metadata: { topic } };
  });
  await api.call("POST", "/vectors/batch", { collection: "chosen", operations });
  const list = async (filter: string, offset = 0) => {
    const query = new URLSearchParams({ collection: "chosen", filter, limit: "2", offset: `${offset}` });
    const reply = await api.call("GET", `/vectors?${query.toString()}`);
    return { status: reply.statusCode, ...reply.json<{ points: { id: string }[]; next: number | null }>() };
  };
  const [first, last] = [await list('{"topic":"ops"}'), await list('{"topic":"ops"}', 2)];
  expect([first.next, last.next]).toEqual([2, null]);
  expect([...first.points, ...last.points].map(({ id }) => id).toSorted()).toEqual(["p0", "p2", "p3"]);
  const unknown = { status: 400, message: expect.stringContaining("colour") };
  expect(await list('{"colour":"red"}')).toMatchObject(unknown);
  for (const wrong of ["{topic: ops}", "7", ""]) {
    const refused = { status: 400, code: "invalid_request", message: expect.stringContaining("filter") };
    expect(await list(wrong)).toMatchObject(refused);
  }
});

import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";

let api: OpenedApi;

beforeAll(async () => {
  api = await openApi({ storeOf: "environment" }); // a store in memory has no snapshots
});

afterAll(() => api.close());

describe("POST /collections", () => {
  test("creates a collection once, and refuses the same name with another dimension (Q29)", async () => {
    const body = { name: "notes", dimensions: 4, fields: { year: "integer" } };
    const created = await api.call("POST", "/collections", body);
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({ outcome: "created", dimensions: 4, metric: "cosine", points: 0 });
    const again = await api.call("POST", "/collections", body);
    expect([again.statusCode, again.json<{ outcome: string }>().outcome]).toEqual([200, "exists"]);
    for (const other of [{ dimensions: 5 }, { metric: "dot" }]) {
      const refused = await api.call("POST", "/collections", { ...body, ...other });
      expect(refused.statusCode).toBe(409);
      expect(refused.json()).toMatchObject({ code: "collection_mismatch", issues: expect.any(Array) });
    }
  });

  test("takes dimensions and fields of the documents' presets (Q40, Q41, Q42)", async () => {
    const create = async (preset: string): Promise<object> =>
      (await api.call("POST", "/collections", { name: preset, preset })).json();
    expect(await create("documents")).toMatchObject({
      dimensions: 768,
      fields: { title: "text", category: "keyword", created_at: "datetime", author: "keyword" },
    });
    expect(await create("conversations")).toMatchObject({
      dimensions: 384,
      fields: { user_id: "keyword", session_id: "keyword", intent: "keyword", sentiment: "float" },
    });
    for (const name of ["knowledge_base", "learning_data", "user_profiles"])
      expect(await create(name)).toMatchObject({ dimensions: 8, space: "fake" }); // those of the embedder
  });

  test.each([
    [{ name: "../up", dimensions: 2 }, /name/],
    [{ name: "x", dimensions: 0 }, /dimensions/],
    [{ name: "x", dimensions: 2, fields: { a: "jsonb" } }, /fields/],
    [{ name: "x", dimensions: 2, fields: { "a b": "keyword" } }, /a field's name/],
    [{ name: "x", dimension: 2 }, /dimension/],
  ])("refuses %j", async (body, message) => {
    const refused = await api.call("POST", "/collections", body);
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(message),
    });
  });
});

test("lists collections by pages, and describes one (Q30, Q31)", async () => {
  for (const name of ["p1", "p2", "p3"]) await api.call("POST", "/collections", { name, dimensions: 2 });
  await api.call("POST", "/vectors/insert", { collection: "p2", vector: [1, 0] });
  const first = await api.call("GET", "/collections?limit=2&after=p");
  expect(first.json()).toMatchObject({
    collections: [{ name: "p1" }, { name: "p2", points: 1 }],
    next: "p2",
  });
  const rest = await api.call("GET", "/collections?limit=2&after=p2");
  expect(rest.json()).toMatchObject({ collections: [{ name: "p3" }, {}], next: null });
  expect((await api.call("GET", "/collections/p2")).json()).toMatchObject({
    name: "p2",
    tenancy: "none",
    engine: { status: "ok", search: "exact", index: null, quantization: "none", problem: null },
  });
  expect((await api.call("GET", "/collections/none")).statusCode).toBe(404);
});

describe("PUT /collections/{name}", () => {
  test("adds fields and reports exactly what changed (Q32)", async () => {
    await api.call("POST", "/collections", { name: "growing", dimensions: 2, fields: { a: "keyword" } });
    const changed = await api.call("PUT", "/collections/growing", { fields: { a: "keyword", b: "float" } });
    expect(changed.json()).toMatchObject({
      applied: [{ setting: "fields.b", from: null, to: "float" }],
      collection: { fields: { a: "keyword", b: "float" } },
    });
    const same = await api.call("PUT", "/collections/growing", { fields: { b: "float" } });
    expect(same.json()).toMatchObject({ applied: [] });
  });

  test("refuses what cannot change, and settings that the store does not have (Q32)", async () => {
    await api.call("POST", "/collections", { name: "fixed", dimensions: 2, fields: { a: "keyword" } });
    for (const body of [{ dimensions: 3 }, { metric: "euclid" }, { tenancy: "required" }]) {
      const refused = await api.call("PUT", "/collections/fixed", body);
      expect(refused.statusCode).toBe(409);
      expect(refused.json()).toMatchObject({
        code: "cannot_change",
        issues: [{ path: Object.keys(body)[0] }],
      });
    }
    const retyped = await api.call("PUT", "/collections/fixed", { fields: { a: "integer" } });
    expect(retyped.statusCode).toBe(409);
    const foreign = await api.call("PUT", "/collections/fixed", { quantization: "int8" });
    expect([foreign.statusCode, foreign.json<{ code: string }>().code]).toEqual([501, "unsupported"]);
  });
});

test("deletes a collection only with a confirmation, and a repeated delete succeeds (Q33)", async () => {
  await api.call("POST", "/collections", { name: "short", dimensions: 2 });
  expect((await api.call("DELETE", "/collections/short")).statusCode).toBe(400);
  expect((await api.call("DELETE", "/collections/short?confirm=other")).statusCode).toBe(400);
  expect((await api.call("DELETE", "/collections/short?confirm=short")).json()).toMatchObject({
    deleted: true,
  });
  expect((await api.call("DELETE", "/collections/short?confirm=short")).json()).toMatchObject({
    deleted: false,
  });
  expect((await api.call("GET", "/collections/short")).statusCode).toBe(404);
});

test("copies a collection, downloads the bytes and restores them under a new name (Q34)", async () => {
  await api.call("POST", "/collections", { name: "kept", dimensions: 2 });
  await api.call("POST", "/vectors/insert", { collection: "kept", id: "1", vector: [1, 0], text: "safe" });
  const made = await api.call("POST", "/collections/kept/snapshot");
  expect(made.statusCode).toBe(201);
  const { name, sha256, bytes } = made.json<{ name: string; sha256: string; bytes: number }>();
  expect((await api.call("GET", "/collections/kept/snapshots")).json()).toMatchObject({
    snapshots: [{ name, sha256, bytes }],
    next: null,
  });
  const download = await api.call("GET", `/collections/kept/snapshots/${name}`);
  expect(download.headers["content-type"]).toBe("application/octet-stream");
  expect(createHash("sha256").update(download.rawPayload).digest("hex")).toBe(sha256);

  const octets = { "content-type": "application/octet-stream" };
  const restore = (to: string, sum: string) =>
    api.call("POST", `/collections/${to}/restore?sha256=${sum}`, download.rawPayload, octets);
  expect((await restore("copy", "0".repeat(64))).json()).toMatchObject({ code: "checksum_mismatch" });
  expect((await restore("copy", sha256)).json()).toMatchObject({ name: "copy", points: 1 });
  expect((await restore("copy", sha256)).json()).toMatchObject({ code: "name_taken" });
  expect((await api.call("GET", "/vectors/1?collection=copy")).json()).toMatchObject({ text: "safe" });
  expect((await api.call("GET", "/collections/kept/snapshots/none.snapshot")).statusCode).toBe(404);
  expect((await api.call("GET", "/collections/kept/snapshots/..%2F..%2Fx.snapshot")).statusCode).toBe(400);
  expect((await api.call("DELETE", `/collections/kept/snapshots/${name}`)).json()).toMatchObject({
    deleted: true,
  });
  expect((await api.call("DELETE", `/collections/kept/snapshots/${name}`)).json()).toMatchObject({
    deleted: false,
  });
});

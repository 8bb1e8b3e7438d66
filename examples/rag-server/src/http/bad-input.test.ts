import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, type OpenedApi } from "../testing/open-api.ts";

let api: OpenedApi;
const logged: string[] = [];

beforeAll(async () => {
  api = await openApi({ log: { write: (line) => logged.push(line) } });
  await api.call("POST", "/collections", { name: "knowledge_base", dimensions: 2, space: "own" });
});

afterAll(() => api.close());

const json = { "content-type": "application/json" };
const insert = (body: string | Buffer | object) => api.call("POST", "/vectors/insert", body, json);

describe("bad input", () => {
  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  test.each([
    ["10 MB of JSON", () => insert(`{"text":"${"x".repeat(10_000_000)}"}`), 413, "too_large"],
    [
      "JSON that is nested deeply",
      () => insert(`{"vector":[1,0],"metadata":${deep.slice(0, 60_000)}`),
      400,
      "invalid_request",
    ],
    ["brackets without an end", () => insert("[".repeat(60_000)), 400, "invalid_request"],
    ["NaN", () => insert('{"vector":[NaN,1]}'), 400, "invalid_request"],
    ["a number beyond float64", () => insert('{"vector":[1e999,1]}'), 400, "invalid_request"],
    ["a number beyond float32", () => insert({ vector: [1e39, 1] }), 400, "invalid_vector"],
    [
      "bytes that are not UTF-8",
      () => insert(Buffer.from('{"text":"\xff\xfe"}', "latin1")),
      400,
      "invalid_request",
    ],
    ["half of a surrogate pair", () => insert('{"vector":[1,0],"text":"\\ud800"}'), 400, "invalid_chunk"],
    ["an unknown field", () => insert({ vector: [1, 0], vectr: [1] }), 400, "invalid_request"],
    ["a prototype in JSON", () => insert('{"vector":[1,0],"__proto__":{"x":1}}'), 400, "invalid_request"],
    ["an empty body", () => insert(""), 400, "invalid_request"],
    ["a list as body", () => insert([1]), 400, "invalid_request"],
    [
      "a path as collection",
      () => api.call("GET", "/collections/..%2F..%2Fetc%2Fpasswd"),
      400,
      "invalid_request",
    ],
    ["a null byte as collection", () => api.call("GET", "/collections/a%00b"), 400, "invalid_request"],
    ["a broken escape in the path", () => api.call("GET", "/vectors/%E0%A4%A"), 400, "invalid_request"],
    ["an id of 10,000 characters", () => api.call("GET", `/vectors/${"x".repeat(10_000)}`), 403, "forbidden"],
    [
      "another content type",
      () => api.call("POST", "/vectors/insert", "a=b", { "content-type": "text/plain" }),
      415,
      "unsupported_media_type",
    ],
    [
      "a long idempotency key",
      () => api.call("POST", "/vectors/insert", { vector: [1, 0] }, { "idempotency-key": "k".repeat(256) }),
      400,
      "invalid_request",
    ],
  ])("refuses %s with a status and a code, and logs nothing", async (_, send, status, code) => {
    const reply = await send();
    expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([status, code]);
    expect(logged).toEqual([]);
  });

  test("stores nothing of all this, and still works", async () => {
    expect((await api.call("GET", "/collections/knowledge_base")).json()).toMatchObject({ points: 0 });
    expect((await insert({ vector: [1, 0] })).statusCode).toBe(201);
  });

  test("replaces a request id that is not safe for a log", async () => {
    const reply = await api.call("GET", "/collections", undefined, { "x-request-id": 'a"} {"level":0' });
    expect(reply.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

import { FakeClock, FakeInferenceBackend } from "@binnacle/core/testing";
import { InferenceError } from "@binnacle/core";
import { afterEach, describe, expect, test } from "vitest";
import { startServer } from "../serve.ts";
import { openApi, type OpenApiOptions, type OpenedApi } from "../testing/open-api.ts";
import { testKey, type TestKey } from "../testing/test-keys.ts";
import { createKeyRing } from "./keys/key-ring.ts";
import { createMemoryRates } from "./limits/memory-rates.ts";

let api: OpenedApi | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function open(keys: readonly TestKey[], options: OpenApiOptions = {}): Promise<OpenedApi> {
  const ring = createKeyRing(() => keys.map(({ stored }) => stored));
  api = await openApi({ keys: ring, ...options });
  return api;
}

describe("limits", () => {
  test("counts each key and route apart, and tells the exact time to wait (T60, Q8)", async () => {
    const [one, two] = [testKey("one", { roles: ["reader"] }), testKey("two", { roles: ["reader"] })];
    const clock = new FakeClock();
    const { call } = await open([one, two], { rates: createMemoryRates(clock), requestsPerMinute: 2 });
    const list = async (key: TestKey) => await call("GET", "/collections", undefined, key.headers);
    expect([(await list(one)).statusCode, (await list(one)).statusCode]).toEqual([200, 200]);
    const refused = await list(one);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers["retry-after"]).toBe("30");
    expect(refused.json()).toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("30 seconds"),
    });
    expect((await list(two)).statusCode).toBe(200);
    expect((await call("GET", "/health", undefined, one.headers)).statusCode).toBe(200);
    expect((await call("GET", "/collections/none", undefined, one.headers)).statusCode).toBe(404);
    await clock.advance(30_000);
    expect((await list(one)).statusCode).toBe(200);
  });

  test("keeps a key's own rate and its quota of a day (T60, Q61)", async () => {
    const key = testKey("k", { roles: ["reader"], requests_per_minute: 50, requests_per_day: 3 });
    const { call } = await open([key], { rates: createMemoryRates(new FakeClock()), requestsPerMinute: 1 });
    const statuses = [];
    for (let i = 0; i < 3; i++)
      statuses.push((await call("GET", "/collections", undefined, key.headers)).statusCode);
    const refused = await call("POST", "/vectors/search", {}, key.headers);
    expect(statuses).toEqual([200, 200, 200]);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers["retry-after"]).toBe(String(8 * 3600));
  });

  test("checks the key first, then the permission, then the limit, and reads no body before (Q8)", async () => {
    const key = testKey("k", { permissions: ["HealthCheck"] });
    const reader = testKey("r", { roles: ["reader"] });
    const { call } = await open([key, reader], { requestsPerMinute: 1 });
    const broken = { "content-type": "application/json" };
    const send = async (headers: object) =>
      (await call("POST", "/vectors/search", "{", { ...broken, ...headers })).statusCode;
    expect(await send({})).toBe(401);
    expect(await send(key.headers)).toBe(403);
    expect(await send(key.headers)).toBe(403);
    expect(await send(reader.headers)).toBe(400);
    expect(await send(reader.headers)).toBe(429);
  });
});

test("meters requests and tokens by tenant and day, for the operator only (Q61)", async () => {
  const usageOfCall = { promptTokens: 9, completionTokens: 4 };
  const backend = new FakeInferenceBackend({ replies: [{ text: "Text.", usage: usageOfCall }] });
  const acme = ["a", "b"].map((id) => testKey(id, { roles: ["reader"], tenant: "acme" }));
  const boss = testKey("boss", { roles: ["admin"] });
  const { app, call } = await open([...acme, boss], { parts: { backend } });
  for (const { headers } of acme) await call("POST", "/generate", { prompt: "x" }, headers);
  await call("POST", "/generate", {}, acme[0]?.headers);
  await app.inject({
    method: "POST",
    url: "/chat",
    payload: { message: "x", refuse: "off" },
    headers: boss.headers,
  });
  const usage = await call("GET", "/usage?tenant=acme", undefined, boss.headers);
  expect(usage.json()).toEqual({
    entries: [
      {
        day: expect.any(String),
        tenant: "acme",
        key: null,
        requests: 3,
        prompt_tokens: 18,
        completion_tokens: 8,
      },
    ],
    next_offset: null,
  });
  expect((await call("GET", "/usage", undefined, acme[0]?.headers)).statusCode).toBe(403);
});

test("records administrative calls in the audit log, also refused calls, without bodies and keys (T61)", async () => {
  const [admin, reader] = [testKey("boss", { roles: ["admin"] }), testKey("web", { roles: ["reader"] })];
  const lines: string[] = [];
  const { call } = await open([admin, reader], { audit: { write: (line) => lines.push(line) } });
  const body = { name: "audited", dimensions: 2, fields: { salary: "integer" } };
  await call("POST", "/collections", body, { ...admin.headers, "x-request-id": "r-9" });
  await call("DELETE", "/collections/audited?confirm=audited", undefined, reader.headers);
  await call("DELETE", "/collections/audited?confirm=audited");
  await call("GET", "/collections", undefined, admin.headers);
  const route = "/api/v1/collections/:name";
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { principal: "boss", method: "POST", route: "/api/v1/collections", status: 201, request_id: "r-9" },
    { principal: "web", method: "DELETE", route, target: { name: "audited" }, status: 403 },
    { principal: "anonymous", method: "DELETE", route, status: 401 },
  ]);
  expect(lines.join("")).not.toMatch(/salary|bk_/);
});

test("logs no prompt, no text and no key, also if a request fails", async () => {
  const key = testKey("web", { roles: ["admin"] });
  const lines: string[] = [];
  const backend = new FakeInferenceBackend({
    replies: [{ text: "hush-answer", error: new InferenceError("gone", { kind: "unreachable" }) }],
  });
  const log = { write: (line: string) => lines.push(line) };
  const { call } = await open([key], { log, parts: { backend } });
  const headers = { ...key.headers, "x-request-id": "r-3" };
  expect((await call("POST", "/generate", { prompt: "hush-prompt" }, headers)).statusCode).toBe(502);
  await call("POST", "/vectors/insert", { collection: "none", text: "hush-text" }, headers);
  const text = lines.join("");
  expect(text).toContain('"reqId":"r-3"');
  expect(text).not.toMatch(/hush|bk_/);
});

test("refuses to listen without keys on an address that others reach", async () => {
  const { system } = await open([]);
  await expect(startServer(system, { host: "0.0.0.0", port: 0 })).rejects.toThrow(/keys add/);
});

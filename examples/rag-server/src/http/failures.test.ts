import {
  BinnacleError,
  ConfigurationError,
  InferenceError,
  RequestError,
  TimeoutError,
} from "@binnacle/core";
import { FakeInferenceBackend } from "@binnacle/core/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openHandbook, type OpenedHandbook } from "../testing/open-handbook.ts";
import { pacedBackend } from "../testing/paced-backend.ts";
import { createApp } from "./create-app.ts";

const address = "http://127.0.0.1:8141/v1/chat/completions";
const inside = `LlamaCppBackend: POST ${address}: cannot be reached (ECONNREFUSED)`;
const ask = { method: "POST", url: "/chat", payload: { message: "When are backups taken?" } } as const;

let opened: OpenedHandbook;

beforeAll(async () => {
  opened = await openHandbook();
});

afterAll(() => opened.dispose());

test.each([
  [new InferenceError(inside, { kind: "unreachable", replica: address }), 502, /cannot be reached/],
  [new InferenceError(inside, { kind: "loading" }), 502, /still loading/],
  [new InferenceError(inside, { kind: "too-long" }), 422, /too long for the model/],
  [new TimeoutError(inside, { afterMs: 1, phase: "total" }), 504, /in time/],
  [new ConfigurationError(inside, { code: "wrong_space" }), 409, /does not match this server/],
  [new RequestError("http_500", inside, { url: address, status: 500 }), 502, /part of this server failed/],
  [new BinnacleError("storage_failed", inside), 502, /part of this server failed/],
  [new Error(inside), 500, /server failed/],
])("hides the address of %s from the client and logs it in full", async (error, status, told) => {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const backend = new FakeInferenceBackend({ replies: [{ text: "Every ", error }] });
  const app = await createApp(opened.answeredBy(backend));
  const json = await app.inject(ask);
  const stream = await app.inject({ ...ask, headers: { accept: "text/event-stream" } });
  await app.close();
  const logged = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();

  expect(json.statusCode).toBe(status);
  expect(json.json()).toMatchObject({ message: expect.stringMatching(told) });
  expect(stream.body).toMatch(/event: error\ndata: .*/);
  expect(stream.body).toMatch(told);
  expect(json.body + stream.body).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|LlamaCpp/);
  expect(logged.filter((line) => line.includes(inside))).toHaveLength(2);
});

test("does not log the model's partial answer", async () => {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const error = new InferenceError(inside, { kind: "interrupted", partial: { text: "a private answer" } });
  const backend = new FakeInferenceBackend({ replies: [{ text: "Every ", error }] });
  const app = await createApp(opened.answeredBy(backend));
  await app.inject(ask);
  await app.close();
  const logged = log.mock.calls.map(([line]) => String(line)).join("");
  log.mockRestore();
  expect(logged).toContain(inside);
  expect(logged).not.toContain("a private answer");
});

test("names the part that is down without its address, and logs the address once", async () => {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const health = { status: "down", latencyMs: 1, detail: inside } as const;
  const app = await createApp(opened.answeredBy(new FakeInferenceBackend({ replies: [""], health })));
  const replies = [await app.inject({ url: "/health" }), await app.inject({ url: "/health/ready" })];
  await app.close();
  const logged = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  for (const reply of replies) {
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ status: "down", components: { llm: { status: "down" } } });
    expect(reply.body).not.toContain("127.0.0.1");
  }
  expect(logged.filter((line) => line.includes(inside))).toHaveLength(1);
});

test("has a code for each fault of a client", async () => {
  const app = await createApp(opened.system);
  const json = { "content-type": "application/json" };
  const codes: [number, unknown][] = [];
  for (const request of [
    { ...ask, headers: json, payload: "{" },
    { ...ask, headers: json, payload: JSON.stringify({ message: "x".repeat(70_000) }) },
    { ...ask, headers: { "content-type": "application/xml" }, payload: "<message/>" },
    { ...ask, headers: { "content-type": "text/plain" }, payload: '{"message":"x"}' },
    { method: "POST", url: "/chat" },
    { url: "/..%5cx" },
    { url: "/%" },
    { url: "/nothing" },
  ]) {
    const reply = await app.inject(request);
    codes.push([reply.statusCode, reply.json<{ code: unknown }>().code]);
  }
  await app.close();
  expect(codes).toEqual([
    [400, "invalid_request"],
    [413, "too_large"],
    [415, "unsupported_media_type"],
    [415, "unsupported_media_type"],
    [400, "invalid_request"],
    [403, "forbidden"],
    [400, "invalid_request"],
    [404, "not_found"],
  ]);
});

test("says what to send if the body is missing or has another type", async () => {
  const app = await createApp(opened.system);
  const missing = await app.inject({ method: "POST", url: "/chat" });
  const plain = await app.inject({ ...ask, headers: { "content-type": "text/plain" }, payload: "x" });
  await app.close();
  expect(missing.json()).toEqual({
    code: "invalid_request",
    message: 'the request has no body; send {"message":"…"} with content-type: application/json',
  });
  expect(plain.json()).toMatchObject({ message: expect.stringContaining("send application/json") });
});

test("does not log a client that leaves before the first word", async () => {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const backend = new FakeInferenceBackend({ replies: ["Every night."] });
  const asked = vi.spyOn(backend, "stream");
  const app = await createApp(opened.answeredBy(pacedBackend(backend, 60_000)));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const leave = new AbortController();
  const headers = { "content-type": "application/json", accept: "text/event-stream" };
  const body = JSON.stringify(ask.payload);
  const left = fetch(new URL("/chat", url), { method: "POST", headers, body, signal: leave.signal });
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  leave.abort();
  await expect(left).rejects.toThrow();
  await app.close();
  expect(log).not.toHaveBeenCalled();
  log.mockRestore();
});

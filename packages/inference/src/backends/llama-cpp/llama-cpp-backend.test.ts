import { readFileSync } from "node:fs";
import { ConfigurationError, TimeoutError, type GenerationEvent } from "@binnacle/core";
import { createReplayingFetch, type RecordedExchange, type RecordedResponse } from "@binnacle/core/testing";
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import { LlamaCppBackend } from "./llama-cpp-backend.ts";
import {
  parseBackendOptions,
  type LlamaCppBackendOptions,
  type LlamaCppBackendSettings,
} from "./llama-cpp-options.ts";

// As plain JavaScript passes it.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

const url = "http://llama-server";
const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const chat = { method: "POST", path: "/v1/chat/completions" };
const piece = (content: string, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ model: "m", choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;
const whole = [piece("Hello"), piece("", "stop"), "data: [DONE]\n\n"];
const loading: RecordedResponse = {
  status: 503,
  body: '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
};

function replay(
  exchanges: readonly (RecordedExchange | RecordedResponse)[],
  options: Partial<LlamaCppBackendOptions> = {},
) {
  const replaying = createReplayingFetch(
    exchanges.map((one) => ("request" in one ? one : { request: chat, response: one })),
  );
  return { replaying, backend: new LlamaCppBackend({ url, fetch: replaying.fetch, ...options }) };
}

/** Stops the clock until the test advances it. */
function stopTime(): void {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

test("has a schema with exactly the interface's options", () => {
  expectTypeOf<keyof LlamaCppBackendSettings>().toEqualTypeOf<keyof LlamaCppBackendOptions>();
  expect(parseBackendOptions({ url })).toEqual({
    url,
    headers: {},
    connectTimeoutMs: 10_000,
    maxAttempts: 3,
    firstTokenTimeoutMs: 300_000,
    idleTimeoutMs: 60_000,
    totalTimeoutMs: 600_000,
  });
  const misspelt = { url: "llama-server:8080", apikey: "x" };
  expect(() => new LlamaCppBackend(misspelt)).toThrow(/url: must be an http or https URL.*apikey/);
});

describe("a stream of LlamaCppBackend", () => {
  test("reports a cut stream as interrupted, with the partial answer, and does not retry", async () => {
    const { backend, replaying } = replay([{ body: [piece("Hel"), piece("lo")], ending: "cut" }]);
    expect(await failureOf(backend.generate(request))).toMatchObject({
      kind: "interrupted",
      partial: { text: "Hello" },
      replica: url,
    });
    replaying.assertDone();
  });

  test.each([
    ["first-token", { firstTokenTimeoutMs: 20 }, []],
    ["idle", { idleTimeoutMs: 20 }, [piece("Hel")]],
    ["total", { totalTimeoutMs: 20 }, [piece("Hel")]],
  ])("ends a silent stream by the %s timer", async (phase, options, body) => {
    stopTime();
    const { backend } = replay([{ body, ending: "open" }], options);
    const failure = failureOf(backend.generate(request));
    await vi.advanceTimersByTimeAsync(20);
    expect(await failure).toMatchObject({ code: "timeout", phase, afterMs: 20 });
  });

  test.each([
    ["idle", { idleTimeoutMs: 20 }],
    ["total", { totalTimeoutMs: 40 }],
  ])("adds the partial answer to the error of the %s timer", async (phase, options) => {
    stopTime();
    const body = [": ping\n\n", piece("lo")];
    const { backend } = replay([{ body: [piece("Hel"), ...body], ending: "open" }], options);
    const failure = backend.stream(request).result.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(40);
    expect(await failure).toMatchObject({
      name: "TimeoutError",
      code: "timeout",
      phase,
      retryable: true,
      partial: { text: "Hello" },
    });
  });

  test("adds the partial answer to a deadline's error, but never changes an abort's reason", async () => {
    const hanging = () => {
      const { backend } = replay([{ body: [piece("Hel")], ending: "open" }]);
      return backend;
    };
    stopTime();
    const late = hanging().generate(request, { deadlineAt: Date.now() + 40 });
    const told = expect(late).rejects.toMatchObject({
      code: "timeout",
      phase: "total",
      partial: { text: "Hel" },
    });
    await vi.advanceTimersByTimeAsync(40);
    await told;
    const reason = new TimeoutError("the app's own", { afterMs: 1, phase: "app" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 40);
    const left = expect(hanging().generate(request, { signal: controller.signal })).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(40);
    await left;
  });

  test("adds the partial answer to the error of a broken piece", async () => {
    const { backend } = replay([{ body: [piece("Hel"), "data: {oops\n\n"] }]);
    await expect(backend.generate(request)).rejects.toMatchObject({
      name: "InvalidResponseError",
      code: "invalid_response",
      partial: { text: "Hel" },
    });
  });

  test("counts comments as signs of life but not as tokens", async () => {
    const { backend } = replay([{ body: [": ping\n\n"], ending: "open" }], { firstTokenTimeoutMs: 20 });
    expect(await failureOf(backend.generate(request))).toMatchObject({ phase: "first-token" });
  });

  test("does not count a slow reader as silence of the server", async () => {
    stopTime();
    const { backend } = replay([{ body: whole }], { idleTimeoutMs: 20 });
    const events: GenerationEvent[] = [];
    for await (const event of backend.stream(request)) {
      events.push(event);
      await vi.advanceTimersByTimeAsync(40);
    }
    expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
  });
});

describe("a failure of LlamaCppBackend", () => {
  test("retries while the server loads, but not after an error that a retry cannot change", async () => {
    const { backend, replaying } = replay([loading, loading, { body: whole }]);
    expect(await backend.generate(request)).toMatchObject({ text: "Hello", model: "m" });
    replaying.assertDone();
    const broken = replay([{ status: 500, body: '{"error":{"message":"input is too large to process"}}' }]);
    expect(await failureOf(broken.backend.generate(request))).toMatchObject({
      kind: "too-long",
      attempts: [{ replica: url, kind: "too-long" }],
    });
  });

  test("lists all attempts in the last attempt's error", async () => {
    const refused = { request: chat, response: { failure: "ECONNREFUSED" } };
    const { backend } = replay([refused, refused], { maxAttempts: 2 });
    expect(await failureOf(backend.generate(request))).toMatchObject({
      kind: "unreachable",
      attempts: [
        { replica: url, kind: "unreachable" },
        { replica: url, kind: "unreachable" },
      ],
    });
  });

  test("classifies an error inside the stream and adds the partial answer", async () => {
    const error = 'data: {"error":{"code":500,"message":"Compute error.","type":"server_error"}}\n\n';
    const { backend } = replay([{ body: [piece("Hel"), error] }]);
    expect(await failureOf(backend.generate(request))).toMatchObject({
      kind: "server",
      partial: { text: "Hel" },
    });
  });
});

test("sends key, model and trace to the server and puts the key in no error", async () => {
  const { backend, replaying } = replay(
    [
      {
        status: 401,
        body: '{"error":{"message":"Invalid API Key secret-key","type":"authentication_error"}}',
      },
    ],
    { apiKey: "secret-key", model: "big" },
  );
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const error = await failureOf(backend.generate(request, { traceparent }));
  expect(error).toMatchObject({ kind: "unauthorized" });
  expect(String(error)).not.toContain("secret-key");
  const [sent] = replaying.requests;
  expect(sent?.headers.get("authorization")).toBe("Bearer secret-key");
  expect(sent?.headers.get("traceparent")).toBe(traceparent);
  expect(JSON.parse(sent?.body ?? "")).toMatchObject({ model: "big", stream: true });
});

test("reports from an older server that it cannot count tokens", async () => {
  const recorded: { readonly [name: string]: readonly RecordedExchange[] } = JSON.parse(
    readFileSync(new URL("fixtures/chat.json", import.meta.url), "utf8"),
  );
  const asked = recorded["describes its capabilities, and the same way again"] ?? [];
  const missing = {
    status: 404,
    body: '{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}',
  };
  const { backend } = replay(
    asked.map(({ request: { path, method }, response }) => ({
      request: { path, method },
      response: path.endsWith("/input_tokens") ? missing : response,
    })),
  );
  expect(await backend.capabilities()).toMatchObject({ countsTokens: false });
  expect(await failureOf(backend.countTokens(request))).toMatchObject({ capability: "countsTokens" });
});

test("lists the router's models when the wanted model is missing", async () => {
  const models = { data: [{ id: "/models/a.gguf" }, { id: "b", aliases: ["c"] }] };
  const { backend } = replay(
    [{ request: { path: "/v1/models" }, response: { body: JSON.stringify(models) } }],
    {
      model: "zzz",
    },
  );
  expect(await failureOf(backend.capabilities())).toMatchObject({
    kind: "not-found",
    message: expect.stringContaining("/models/a.gguf, b"),
  });
});

test("reports health as degraded while loading, and as down after silence or a refusal (T8)", async () => {
  const at = (path: string, response: RecordedExchange["response"]): RecordedExchange => ({
    request: { path },
    response,
  });
  const found = async (...exchanges: RecordedExchange[]) => replay(exchanges).backend.health();
  expect(await found(at("/health", loading))).toMatchObject({
    status: "degraded",
    detail: "loading its model",
  });
  expect(await found(at("/health", { failure: "ECONNREFUSED" }))).toMatchObject({ status: "down" });
  expect(await found(at("/health", { body: "{}" }), at("/props", { status: 401, body: "" }))).toMatchObject({
    status: "down",
    detail: expect.stringContaining("apiKey"),
  });
});

test("shows an answer that is not an event stream, without secrets, instead of calling it interrupted", async () => {
  const options = { apiKey: "secret-key", headers: { "x-token": "other-secret" }, maxAttempts: 1 };
  const answered = (body: string, type: string) =>
    failureOf(replay([{ body, headers: { "content-type": type } }], options).backend.generate(request));
  const page = await answered("<html>Log in with secret-key or other-secret</html>", "text/html");
  expect(page).toMatchObject({
    code: "invalid_response",
    retryable: false,
    message: expect.stringContaining('got text/html: "<html>Log in with [redacted] or [redacted]</html>"'),
  });
  expect(await answered('{"error":"quota exceeded"}', "application/json")).toMatchObject({
    kind: "server",
    retryable: false,
    replica: url,
    message: expect.stringContaining("quota exceeded"),
  });
  expect(
    await answered('{"error":{"message":"Loading model","code":503}}', "application/json"),
  ).toMatchObject({
    kind: "loading",
    retryable: true,
  });
});

test("retries a stream that the server aborts before any text, and succeeds (D10)", async () => {
  const aborted = [piece(""), piece("", "abort"), "data: [DONE]\n\n"];
  const twice = replay([{ body: aborted }, { body: whole }]);
  expect(await twice.backend.generate(request)).toMatchObject({ text: "Hello", replica: url });
  twice.replaying.assertDone();
  const once = replay([{ body: aborted }]);
  expect(await failureOf(once.backend.generate(request, { maxAttempts: 1 }))).toMatchObject({
    kind: "interrupted",
    retryable: true,
    replica: url,
    attempts: [{ replica: url, kind: "interrupted" }],
  });
});

describe("the options of a call", () => {
  test("prefers the call's model and attempts over the driver's, and sends the request id", async () => {
    const { backend, replaying } = replay([loading], { model: "small" });
    const call = backend.generate({ ...request, model: "big" }, { maxAttempts: 1, requestId: "r-7" });
    expect(await failureOf(call)).toMatchObject({ kind: "loading", attempts: [{ kind: "loading" }] });
    const [sent] = replaying.requests;
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({ model: "big" });
    expect(sent?.headers.get("x-request-id")).toBe("r-7");
  });

  test("refuses unusable call options but ignores unknown ones", async () => {
    const { backend } = replay([{ body: whole }]);
    await expect(backend.generate(request, { maxAttempts: 0 })).rejects.toThrow(/maxAttempts/);
    await expect(backend.generate(request, raw(null))).rejects.toThrow(/expected object, received null/);
    await expect(backend.generate(request, { signal: raw(5) })).rejects.toThrow(/signal: .*got the number 5/);
    expect(() => backend.stream(request, raw(null))).toThrow(ConfigurationError);
    const later = { requestId: "7", region: "north" };
    expect(await backend.generate(request, later)).toMatchObject({ text: "Hello" });
  });
});

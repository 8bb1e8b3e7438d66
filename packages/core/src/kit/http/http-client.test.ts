import { inspect } from "node:util";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import { createReplayingFetch, type RecordedResponse } from "../../testing/replaying-fetch.ts";
import { parseResponse } from "../parsing/parse-response.ts";
import { createHttpClient } from "./http-client.ts";
import type { HttpFetch } from "./http-fetch.ts";

const unchecked = (value: unknown): unknown => value;

function answering(path: string, response: RecordedResponse) {
  const { fetch, requests } = createReplayingFetch([{ request: { path }, response }]);
  return { fetch, requests };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

test("throws an InvalidResponseError that quotes the beginning of a body that is not JSON", async () => {
  for (const [body, shown] of [
    ["<html>busy", '"<html>busy"'],
    ["", "an empty body"],
    [new Uint8Array([34, 0xff, 34]), "\uFFFD"],
  ] as const) {
    const { fetch } = answering("/", { body });
    const error = await failure(
      createHttpClient({ baseUrl: "http://h", fetch }).json({ path: "/" }, unchecked),
    );
    expect(error).toMatchObject({ code: "invalid_response", retryable: false });
    expect(String(error)).toContain(shown);
  }
});

test("lists each issue of an unexpected response, and ignores additional fields", async () => {
  const parse = (value: unknown) => parseResponse("Server", z.object({ id: z.string(), n: z.int() }), value);
  const ask = (body: string) =>
    createHttpClient({ baseUrl: "http://h", fetch: answering("/", { body }).fetch }).json(
      { path: "/" },
      parse,
    );
  expect(await ask('{"id":"a","n":1,"new":true}')).toEqual({ id: "a", n: 1 });
  const issues = [expect.objectContaining({ path: "id" }), expect.objectContaining({ path: "n" })];
  expect(await failure(ask("{}"))).toMatchObject({ code: "invalid_response", issues });
});

test("keeps BinnacleErrors of a parse function and turns others into InvalidResponseErrors", async () => {
  const ask = (error: Error) =>
    createHttpClient({ baseUrl: "http://h", fetch: answering("/", { body: "1" }).fetch }).json(
      { path: "/" },
      () => {
        throw error;
      },
    );
  const own = new BinnacleError("embedding_nan", "own");
  expect(await failure(ask(own))).toBe(own);
  expect(await failure(ask(new TypeError("no field")))).toMatchObject({ code: "invalid_response" });
});

test("keeps credentials out of errors, even if the server repeats them", async () => {
  const secret = "sk-hush-4711";
  const fetch: HttpFetch = () =>
    Promise.resolve(new Response(`bad key ${secret} or Bearer ${secret}`, { status: 401 }));
  const client = createHttpClient({
    baseUrl: `http://user:pa%3Ass@h/v1`,
    headers: { "Api-Key": secret },
    fetch,
  });
  const headers = { authorization: `Bearer ${secret}` };
  const error = await failure(client.bytes({ path: "/x", query: { token: secret }, headers }));
  expect(error).toMatchObject({
    code: "http_401",
    url: "http://h/v1/x?token=…",
    body: "bad key [redacted] or [redacted]",
  });
  const shown = [
    String(error),
    JSON.stringify(error),
    RequestError.isInstance(error) ? error.stack : "",
  ].join();
  expect(shown).not.toMatch(/hush|pa%3Ass|pa:ss/);
});

test("keeps parts of credentials out of shortened and quoted texts", async () => {
  const secret = "sk-hush-4711";
  for (const body of [`${secret} is denied`, `${" ".repeat(195)}${secret}`]) {
    const fetch: HttpFetch = () => Promise.resolve(new Response(body));
    const client = createHttpClient({ baseUrl: "http://h", headers: { "Api-Key": secret }, fetch });
    const error = await failure(client.json({ path: "/" }, unchecked));
    expect(error).toMatchObject({ code: "invalid_response" });
    expect(inspect(error)).not.toMatch(/sk-h/);
  }
});

test("turns user and password of the base URL into basic authentication", async () => {
  const { fetch, requests } = answering("/", { body: "1" });
  await createHttpClient({ baseUrl: "http://al%40ce:p%3A%C3%A4@h", fetch }).json({ path: "/" }, unchecked);
  const expected = `Basic ${Buffer.from("al@ce:p:ä").toString("base64")}`;
  expect(requests[0]?.headers.get("authorization")).toBe(expected);
  const malformed = () => createHttpClient({ baseUrl: "http://u:hush%zz@h" });
  expect(malformed).toThrow(/write a % in its user or password as %25/);
  expect(malformed).not.toThrow(/hush/);
});

test("trims a line break after a key, and refuses one inside without showing the key", async () => {
  const { fetch, requests } = answering("/", { body: "1" });
  const ask = (key: string) =>
    createHttpClient({ baseUrl: "http://h", headers: { "api-key": key }, fetch }).json(
      { path: "/" },
      unchecked,
    );
  await ask("hush\n");
  expect(requests[0]?.headers.get("api-key")).toBe("hush");
  const error = await failure(ask("hush\nx: y"));
  expect(error).toMatchObject({ code: "invalid_request" });
  expect(String(error)).toMatch(/^BinnacleError: header "api-key"/);
  expect(String(error)).not.toContain("hush");
});

test("refuses paths that leave the base path", async () => {
  const segment = fc.constantFrom("..", ".", "%2e%2e", "%2E.", "a", "", "%2f", "a.b", "..a");
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 5 }), async (segments) => {
      const path = `/${segments.join("/")}`;
      let asked: string | undefined;
      const fetch: HttpFetch = (url) => {
        asked = new URL(url).pathname;
        return Promise.resolve(new Response("1"));
      };
      const call = createHttpClient({ baseUrl: "http://h/api", fetch }).json({ path }, unchecked);
      const refused = segments.some((part) => [".", ".."].includes(decodeURIComponent(part)));
      if (refused) await expect(call).rejects.toMatchObject({ code: "invalid_request" });
      else await call;
      expect(asked).toBe(refused ? undefined : `/api${path}`);
    }),
  );
  const client = createHttpClient({ baseUrl: "http://h" });
  for (const path of ["x", "/a?b", "/a#b", "/a b", "/a\\..\\b", "//../x"]) {
    await expect(client.bytes({ path })).rejects.toMatchObject({ code: "invalid_request" });
  }
});

test("prefers a wait in milliseconds to Retry-After", async () => {
  const { fetch } = answering("/", {
    status: 429,
    headers: { "retry-after": "2", "retry-after-ms": "1500.2" },
  });
  const error = await failure(createHttpClient({ baseUrl: "http://h", fetch }).bytes({ path: "/" }));
  expect(error).toMatchObject({ retryAfterMs: 1501 });
});

test("keeps the status of a failed response whose body breaks", async () => {
  const { fetch } = answering("/", { status: 500, body: "out of", ending: "cut" });
  const error = await failure(createHttpClient({ baseUrl: "http://h", fetch }).bytes({ path: "/" }));
  expect(error).toMatchObject({ code: "http_500", status: 500 });
});

test("keeps the status of a failed response whose body never ends, unless the caller aborts", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const fetch: HttpFetch = (_url, { signal }) => {
    const start = (controller: ReadableStreamDefaultController): void =>
      signal.addEventListener("abort", () => controller.error(signal.reason));
    return Promise.resolve(new Response(new ReadableStream({ start }), { status: 401 }));
  };
  const client = createHttpClient({ baseUrl: "http://h", fetch });
  const refused = failure(client.bytes({ path: "/" }));
  const streamed = failure(client.stream({ path: "/" }));
  const controller = new AbortController();
  const aborted = failure(client.bytes({ path: "/" }, { signal: controller.signal }));
  await vi.advanceTimersByTimeAsync(5_000);
  controller.abort("left");
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await refused).toMatchObject({ code: "http_401", status: 401, retryable: false });
  expect(await streamed).toMatchObject({ code: "http_401" });
  expect(await aborted).toBe("left");
});

test("retries a broken connection only once", async () => {
  let calls = 0;
  const fetch: HttpFetch = () => {
    calls += 1;
    return Promise.reject(
      new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNRESET" }) }),
    );
  };
  const error = await failure(createHttpClient({ baseUrl: "http://h", fetch }).bytes({ path: "/" }));
  expect(error).toMatchObject({ code: "connection_lost" });
  expect(calls).toBe(2);
});

test("lists all invalid options in one error", () => {
  const attempt = () => createHttpClient({ baseUrl: "ftp://h", headersTimeoutMs: 0 });
  expect(attempt).toThrow(/^createHttpClient: baseUrl: .*http.*; headersTimeoutMs: /);
});

test("refuses times that no timer can measure", () => {
  const make = (milliseconds: number) => () =>
    createHttpClient({ baseUrl: "http://h", connectTimeoutMs: milliseconds, headersTimeoutMs: milliseconds });
  expect(make(2 ** 31 - 1)).not.toThrow();
  expect(make(2 ** 31)).toThrow(/connectTimeoutMs.*headersTimeoutMs/s);
});

test("refuses a `json` without JSON text before anything is sent", async () => {
  const { fetch, requests } = answering("/", { body: "1" });
  const client = createHttpClient({ baseUrl: "http://h", fetch });
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  for (const json of [{ count: 1n }, cyclic, () => 1]) {
    const sent = client.json({ method: "POST", path: "/x", json }, (value) => value);
    await expect(sent).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("POST http://h/x: `json` cannot be written as JSON"),
    });
  }
  expect(requests).toEqual([]);
});

test("repeats a POST on a stale connection only if the passed `fetch` cannot have used HTTP/2", async () => {
  for (const [baseUrl, expected] of [
    ["http://h", 2],
    ["https://h", 1],
  ] as const) {
    let calls = 0;
    const fetch: HttpFetch = () => {
      calls += 1;
      return Promise.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
    };
    const sent = createHttpClient({ baseUrl, fetch }).bytes({ method: "POST", path: "/" });
    await expect(sent).rejects.toMatchObject({ code: "connection_lost", retryable: true });
    expect(calls, baseUrl).toBe(expected);
  }
});

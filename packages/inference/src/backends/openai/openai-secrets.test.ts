import { inspect } from "node:util";
import { createReplayingFetch, type RecordedResponse } from "@binnacle/core/testing";
import { OpenAI } from "openai";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { OpenAIBackend } from "./openai-backend.ts";
import { OpenAIEmbedder } from "./openai-embedder.ts";
import type { OpenAIEmbedderOptions } from "./openai-options.ts";

const host = "http://server";
const key = "sk-very-secret";
const request = { messages: [{ role: "user" as const, content: "Hi" }] };

function answering(...responses: readonly RecordedResponse[]) {
  const exchange = (path: string) => (response: RecordedResponse) => ({
    request: { method: "POST", path },
    response,
  });
  return createReplayingFetch(
    ["/v1/embeddings", "/v1/chat/completions"].flatMap((path) => responses.map(exchange(path))),
  );
}

/** Collects the errors of both drivers with everything that a log would show of them. */
async function failuresOf(
  options:
    Pick<OpenAIEmbedderOptions, "baseUrl" | "apiKey" | "headers" | "fetch"> | { readonly client: OpenAI },
): Promise<{ readonly errors: readonly unknown[]; readonly shown: string }> {
  const server = { ...options, model: "m", maxAttempts: 1 };
  const calls = [
    new OpenAIEmbedder(server).embed(["x"], { role: "query" }),
    new OpenAIBackend(server).generate(request),
  ];
  const errors = (await Promise.allSettled(calls)).map((one): unknown =>
    one.status === "rejected" ? one.reason : expect.unreachable(),
  );
  const shown = errors.map(
    (error) => `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)}`,
  );
  return { errors, shown: shown.join("\n") };
}

const repeated: readonly (readonly [string, RecordedResponse])[] = [
  ["in an error", { status: 401, body: JSON.stringify({ error: { message: `bad key: Bearer ${key}` } }) }],
  ["in an error of another form", { status: 401, body: JSON.stringify({ detail: [{ input: key }] }) }],
  ["as text", { status: 403, headers: { "x-key": key }, body: `denied for ${key}` }],
  ["where text is cut", { status: 500, body: `${"x".repeat(292)}${key}` }],
  ["in an answer that is no JSON", { body: `${key} is denied` }],
  ["inside a stream", { body: `data: {"error":{"message":"not with ${key}"}}\n\n` }],
];

describe("secrets", () => {
  test.each(repeated)("hides a key that the server repeats %s", async (_, response) => {
    const { errors, shown } = await failuresOf({
      baseUrl: `${host}/v1`,
      apiKey: key,
      fetch: answering(response).fetch,
    });
    expect(errors).toEqual([expect.any(Error), expect.any(Error)]);
    expect(shown).not.toContain("sk-very");
  });

  test.each(repeated)("hides the key of an app's own client, repeated %s", async (_, response) => {
    const client = new OpenAI({ apiKey: key, baseURL: `${host}/v1`, fetch: answering(response).fetch });
    expect((await failuresOf({ client })).shown).not.toContain("sk-very");
  });

  test.each(repeated)(
    "hides a header's value, also with a line break at its end, repeated %s",
    async (_, response) => {
      const { fetch, requests } = answering(response);
      const headers = { "X-Proxy-Token": `${key}\n`, "x-team": "tides" };
      const { shown } = await failuresOf({ baseUrl: `${host}/v1`, headers, fetch });
      expect(shown).not.toContain("sk-very");
      for (const sent of requests)
        expect([sent.headers.get("x-proxy-token"), sent.headers.get("x-team")]).toEqual([key, "tides"]);
    },
  );

  test("refuses a header that cannot be sent, at once and without showing it", () => {
    const headers = { "x-token": `${key}\nx: y`, "no name": "1" };
    const make = (): OpenAIBackend => new OpenAIBackend({ baseUrl: `${host}/v1`, model: "m", headers });
    expect(make).toThrow(
      /headers.x-token: header "x-token" holds an invalid character.*"no name" is not a valid header name/,
    );
    expect(make).not.toThrow(/sk-very/);
  });

  test("hides secrets from the package's log, which the environment can switch on", async () => {
    vi.stubEnv("OPENAI_LOG", "debug");
    const written = (["debug", "info", "warn", "error"] as const).map((level) =>
      vi.spyOn(console, level).mockReturnValue(undefined),
    );
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });
    const { fetch } = answering({ status: 500, body: "no" });
    await failuresOf({ baseUrl: `${host}/v1`, headers: { "x-proxy-pass": key }, fetch });
    expect(written.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });

  test("keeps the cause's name, status and message", async () => {
    const [[, response] = []] = repeated;
    const { errors } = await failuresOf({
      baseUrl: `${host}/v1`,
      apiKey: key,
      fetch: answering(response ?? {}).fetch,
    });
    expect(errors[0]).toMatchObject({
      kind: "unauthorized",
      message: expect.stringContaining("bad key: Bearer [redacted]"),
      cause: { status: 401, message: expect.stringContaining("bad key: Bearer [redacted]") },
    });
  });
});

describe("credentials in an address", () => {
  test("sends a user and password in the address as basic authentication, and shows them in no error", async () => {
    const refused = { status: 500, body: "no hunter2:3 here, nor YWxAY2U6aHVudGVyMjoz" };
    const { fetch, requests } = answering(refused);
    const { errors, shown } = await failuresOf({ baseUrl: "http://al%40ce:hunter2%3A3@server/v1", fetch });
    expect(errors[0]).toMatchObject({ kind: "server", replica: `${host}/v1` });
    expect(requests.map(({ headers }) => headers.get("authorization"))).toEqual(
      Array<string>(2).fill("Basic YWxAY2U6aHVudGVyMjoz"),
    );
    expect(shown).not.toMatch(/hunter2|al(%40|@)ce|YWxAY2U6/);
  });

  test("prefers a key over the address's user and password", async () => {
    const { fetch, requests } = answering({ status: 500, body: "no" });
    await failuresOf({ baseUrl: "http://user:hunter2@server/v1", apiKey: key, fetch });
    expect(requests[0]?.headers.get("authorization")).toBe(`Bearer ${key}`);
  });

  test("prefers a header over both, as the llama-server drivers do", async () => {
    const headers = { Authorization: "Basic abc" };
    for (const server of [
      { baseUrl: "http://user:hunter2@server/v1" },
      { baseUrl: `${host}/v1`, apiKey: key },
    ]) {
      const { fetch, requests } = answering({ status: 500, body: "no" });
      await failuresOf({ ...server, headers, fetch });
      expect(requests[0]?.headers.get("authorization")).toBe("Basic abc");
    }
  });

  test("refuses an address whose password cannot be decoded, without showing it", () => {
    const make = (): OpenAIBackend =>
      new OpenAIBackend({ baseUrl: "http://user:100%hunter2@server/v1", model: "m" });
    expect(make).toThrow(/a % in the user or password of the server's address must be written as %25/);
    expect(make).not.toThrow(/hunter2/);
  });

  test("hides the password in a client's address, which fetch refuses", async () => {
    const client = new OpenAI({ apiKey: "none", baseURL: "http://user:hunter2@127.0.0.1:9/v1" });
    const { errors, shown } = await failuresOf({ client });
    expect(errors[0]).toMatchObject({ kind: "unreachable" });
    expect(shown).not.toContain("hunter2");
  });
});

import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { HttpFetch } from "@binnacle/core/kit";
import { createReplayingFetch, type RecordedExchange } from "@binnacle/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { LlamaCppBackend } from "./llama-cpp/index.ts";
import { OpenAIBackend, OpenAIEmbedder } from "./openai/index.ts";
import { VllmBackend } from "./vllm/index.ts";

interface Options {
  readonly connectTimeoutMs?: number;
  readonly maxAttempts?: number;
  readonly fetch?: HttpFetch & typeof globalThis.fetch;
}
const drivers = [
  ["LlamaCppBackend", (url: string, options: Options) => new LlamaCppBackend({ url, ...options })],
  ["VllmBackend", (url: string, options: Options) => new VllmBackend({ url, ...options })],
  [
    "OpenAIBackend",
    (url: string, options: Options) => new OpenAIBackend({ baseUrl: `${url}/v1`, model: "m", ...options }),
  ],
] as const;
const request = { messages: [{ role: "user" as const, content: "Hi" }] };

/** Starts a TCP server on the loopback device and returns its port. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    onConnection(socket);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}

test.each(drivers)(
  "retries after a connection that is not open within connectTimeoutMs, and reports a timeout: %s",
  async (_, make) => {
    let connections = 0;
    // The server never answers the TLS handshake, and a connection is open only after it.
    const port = await listen(() => (connections += 1));
    const backend = make(`https://127.0.0.1:${port}`, { connectTimeoutMs: 50, maxAttempts: 2 });
    await expect(backend.generate(request)).rejects.toMatchObject({
      name: "TimeoutError",
      phase: "connect",
      retryable: true,
      message: expect.stringMatching(
        /^POST https:\/\/127.*\/v1\/chat\/completions: no connection within \d+ ms\. Check/,
      ),
    });
    expect(connections).toBe(2);
    await backend.close();
  },
);

test.each(drivers)(
  "reports an answer that is not HTTP as an invalid response and does not retry: %s",
  async (_, make) => {
    let connections = 0;
    const port = await listen((socket) => {
      connections += 1;
      socket.end("220 mail.example ESMTP\r\n");
    });
    const backend = make(`http://127.0.0.1:${port}`, {});
    await expect(backend.generate(request)).rejects.toMatchObject({
      code: "invalid_response",
      message: expect.stringContaining("the server sent no valid HTTP"),
    });
    expect(connections).toBe(1);
    await backend.close();
  },
);

test.each(
  drivers.flatMap(([name, make]) => [
    [name, "ECONNREFUSED", 3, make] as const,
    [name, "DEPTH_ZERO_SELF_SIGNED_CERT", 1, make] as const,
  ]),
)("%s: after %s the server is unreachable; tries: %i", async (_, code, attempts, make) => {
  const exchange: RecordedExchange = {
    request: { method: "POST", path: "/v1/chat/completions" },
    response: { failure: code },
  };
  const { fetch, requests } = createReplayingFetch([exchange, exchange, exchange]);
  await expect(make("http://server", { fetch }).generate(request)).rejects.toMatchObject({
    kind: "unreachable",
    attempts: Array(attempts).fill({
      replica: expect.stringMatching(/^http:\/\/server/),
      kind: "unreachable",
      afterMs: expect.any(Number),
    }),
    message: expect.stringContaining(`(${code}). Check the`),
  });
  expect(requests).toHaveLength(attempts);
});

test("retries an embedding whose answer breaks off or is late", async () => {
  const answer = JSON.stringify({ data: [{ index: 0, embedding: [3, 4] }] });
  const responses: readonly RecordedExchange["response"][] = [
    { body: answer.slice(0, 9), ending: "cut" },
    { body: "", ending: "open" },
    { body: answer },
  ];
  const exchanges = responses.map((response) => ({
    request: { method: "POST", path: "/v1/embeddings" },
    response,
  }));
  const replayed = createReplayingFetch(exchanges);
  const embedder = new OpenAIEmbedder({
    baseUrl: "http://server/v1",
    model: "m",
    fetch: replayed.fetch,
    requestTimeoutMs: 500,
  });
  await expect(embedder.describe()).resolves.toMatchObject({ space: { dimensions: 2 } });
  expect(replayed.requests).toHaveLength(3);
});

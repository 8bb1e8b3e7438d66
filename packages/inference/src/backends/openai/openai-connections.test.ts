import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { afterEach, expect, test } from "vitest";
import { OpenAIBackend } from "./openai-backend.ts";
import { OpenAIEmbedder } from "./openai-embedder.ts";

const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Starts a real server on the loopback device that counts its connections. */
async function serve(handle: RequestListener) {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  let open = 0;
  server.on("connection", (socket) => {
    open += 1;
    socket.on("close", () => (open -= 1));
  });
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return { baseUrl: `http://127.0.0.1:${address.port}/v1`, open: () => open };
}

test("closes kept-alive connections and those that wait for an answer", async () => {
  const { baseUrl, open } = await serve((incoming, response) => {
    if (incoming.url === "/v1/models") response.end("{}");
    if (incoming.url === "/v1/embeddings") response.end('{"data":[{"index":0,"embedding":[1]}]}');
  });
  const backend = new OpenAIBackend({ baseUrl, model: "m" });
  const embedder = new OpenAIEmbedder({ baseUrl, model: "m" });
  expect(await backend.health()).toMatchObject({ status: "ok" });
  await embedder.describe();
  const waiting = expect(backend.generate(request)).rejects.toMatchObject({ code: "closed" });
  await expect.poll(open).toBe(2);
  await Promise.all([backend.close(), embedder.close()]);
  await waiting;
  await expect.poll(open).toBe(0);
});

test("sends its headers with every request", async () => {
  const seen: (readonly [string | undefined, string | string[] | undefined])[] = [];
  const { baseUrl } = await serve((incoming, response) => {
    seen.push([incoming.url, incoming.headers["x-proxy"]]);
    response.writeHead(404).end();
  });
  const server = { baseUrl, model: "m", headers: { "X-Proxy": "1" } };
  const [backend, embedder] = [new OpenAIBackend(server), new OpenAIEmbedder(server)];
  await backend.health();
  await Promise.allSettled([backend.generate(request), embedder.describe()]);
  expect(seen.toSorted()).toEqual([
    ["/v1/chat/completions", "1"],
    ["/v1/embeddings", "1"],
    ["/v1/models", "1"],
  ]);
  await Promise.all([backend.close(), embedder.close()]);
});

test("rejects a running stream with `closed` when the backend closes", async () => {
  const { baseUrl } = await serve((_incoming, response) => {
    response.write('data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n');
  });
  const backend = new OpenAIBackend({ baseUrl, model: "m" });
  const reading = (async () => {
    for await (const event of backend.stream(request)) if (event.type === "text") await backend.close();
  })();
  await expect(reading).rejects.toMatchObject({ code: "closed" });
});

test("reads the server's Retry-After and error words without an app's own fetch", async () => {
  const { baseUrl } = await serve((_incoming, response) => {
    response.writeHead(429, { "retry-after": "7" }).end('{"error":{"message":"slow down"}}');
  });
  const backend = new OpenAIBackend({ baseUrl, model: "m", maxAttempts: 1 });
  await expect(backend.generate(request)).rejects.toMatchObject({
    kind: "overloaded",
    retryAfterMs: 7000,
    message: expect.stringContaining("slow down"),
  });
  await backend.close();
});

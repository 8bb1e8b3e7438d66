import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { afterEach, expect, test } from "vitest";
import { createHttpClient, type HttpCallOptions } from "./http-client.ts";
import { Loopback } from "./fixtures/loopback.ts";

const loopback = new Loopback();
afterEach(() => loopback.close());

const unchecked = (value: unknown): unknown => value;

test("sends JSON with its headers to base path, path and query, and reads JSON", async () => {
  const seen: unknown[] = [];
  const url = await loopback.serve(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    const { authorization, traceparent, "content-type": type } = request.headers;
    seen.push({ method: request.method, url: request.url, authorization, traceparent, type, body });
    response.end('{"ok":"文"}');
  });
  const client = loopback.client(`${url}/prefix/`, { headers: { Authorization: "Bearer s3cret" } });
  const request = {
    method: "POST",
    path: "/v1/points",
    query: { wait: true, none: undefined },
    json: { a: 1 },
  } as const;
  expect(await client.json(request, unchecked, { traceparent: "00-1-2-01" })).toEqual({ ok: "文" });
  expect(seen).toEqual([
    {
      method: "POST",
      url: "/prefix/v1/points?wait=true",
      authorization: "Bearer s3cret",
      traceparent: "00-1-2-01",
      type: "application/json",
      body: '{"a":1}',
    },
  ]);
});

test("throws if a body breaks, instead of returning a short body", async () => {
  const url = await loopback.serveRaw((socket) => {
    socket.on("data", (data) => {
      const chunked = String(data).startsWith("GET /chunked");
      socket.end(
        `HTTP/1.1 200 OK\r\n${chunked ? "transfer-encoding: chunked\r\n\r\n3\r\n[1,\r\n" : "content-length: 9\r\n\r\n[1,"}`,
      );
    });
  });
  const client = loopback.client(url);
  for (const path of ["/sized", "/chunked"]) {
    await expect(client.json({ path }, unchecked)).rejects.toMatchObject({
      code: "connection_lost",
      retryable: true,
    });
    const { body } = await client.stream({ path });
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const piece of body) pieces.push(new TextDecoder().decode(piece));
    })();
    await expect(reading).rejects.toMatchObject({ code: "connection_lost" });
    expect(pieces).toEqual(["[1,"]);
  }
});

test("puts body and requested wait of a failed response into the error", async () => {
  const url = await loopback.serve((request, response) => {
    const [, status = "", retryAfter = ""] = (request.url ?? "").split("/");
    response.writeHead(Number(status), retryAfter === "" ? {} : { "retry-after": retryAfter });
    response.end(`{"error":"status ${status}"}`);
  });
  const client = loopback.client(url);
  const failure = (path: string) => client.json({ path }, unchecked).catch((error: unknown) => error);
  expect(await failure("/429/30")).toMatchObject({
    code: "http_429",
    status: 429,
    retryable: true,
    retryAfterMs: 30_000,
    body: '{"error":"status 429"}',
    url: `${url}/429/30`,
  });
  expect(await failure("/503/")).toMatchObject({
    code: "http_503",
    retryable: true,
    retryAfterMs: undefined,
  });
  expect(await failure("/404/")).toMatchObject({ code: "http_404", retryable: false });
  expect(await failure("/501/")).toMatchObject({ code: "http_501", retryable: false });
  expect(await failure("/302/")).toMatchObject({ code: "http_302", retryable: false });
});

test("rejects with an abort's reason and closes the socket, before the headers and within the body (T26)", async () => {
  const closed: string[] = [];
  let controller = new AbortController();
  const url = await loopback.serve((request, response) => {
    response.on("close", () => closed.push(request.url ?? ""));
    if (request.url === "/body") response.write("[");
    setTimeout(() => controller.abort("left"), 10);
  });
  const client = loopback.client(url);
  for (const path of ["/headers", "/body"]) {
    controller = new AbortController();
    await expect(client.bytes({ path }, { signal: controller.signal })).rejects.toBe("left");
    await expect.poll(() => closed).toContain(path);
  }
  await expect(client.bytes({ path: "/never" }, { signal: AbortSignal.abort("early") })).rejects.toBe(
    "early",
  );
});

test("closes the socket when a stream is left, discarded or returned before its first piece", async () => {
  let closed = 0;
  const url = await loopback.serve((_request, response) => {
    response.on("close", () => (closed += 1));
    response.write("data");
  });
  const client = loopback.client(url);
  const stream = await client.stream({ path: "/" });
  expect(stream.status).toBe(200);
  for await (const piece of stream.body) {
    expect(new TextDecoder().decode(piece)).toBe("data");
    break;
  }
  await expect.poll(() => closed).toBe(1);
  await (await client.stream({ path: "/" })).discard();
  await expect.poll(() => closed).toBe(2);
  const { body } = await client.stream({ path: "/" });
  const pieces = body[Symbol.asyncIterator]();
  expect(await pieces.return?.()).toEqual({ done: true, value: undefined });
  await expect.poll(() => closed).toBe(3);
  expect(await pieces.next()).toEqual({ done: true, value: undefined });
});

test("limits each phase, even if a body drips", async () => {
  const url = await loopback.serve((request, response) => {
    if (request.url === "/headers") return;
    response.writeHead(request.url === "/refusal" ? 500 : 200);
    const drip = setInterval(() => response.write(" "), 5);
    response.on("close", () => clearInterval(drip));
  });
  const client = loopback.client(url);
  const ask = (path: string, options: HttpCallOptions) => client.bytes({ path }, options);
  const readStream = async () => {
    const { body } = await client.stream({ path: "/body" }, { deadlineAt: Date.now() + 50 });
    for await (const piece of body) expect(piece.byteLength).toBeGreaterThan(0);
  };
  const headers = { phase: "headers", afterMs: 40, code: "timeout" };
  await expect(ask("/headers", { headersTimeoutMs: 40 })).rejects.toMatchObject(headers);
  await expect(ask("/body", { bodyTimeoutMs: 40 })).rejects.toMatchObject({ phase: "body", afterMs: 40 });
  for (const path of ["/headers", "/body", "/refusal"]) {
    await expect(ask(path, { deadlineAt: Date.now() + 50 })).rejects.toMatchObject({ phase: "total" });
  }
  await expect(readStream()).rejects.toMatchObject({ phase: "total" });
});

test("refuses a body over the limit, measured after decompression", async () => {
  const url = await loopback.serve((request, response) => {
    if (request.url !== "/gzip") return void response.end("x".repeat(2000));
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(100_000)));
  });
  const client = loopback.client(url, { maxResponseBytes: 1999 });
  for (const path of ["/plain", "/gzip"]) {
    await expect(client.bytes({ path })).rejects.toMatchObject({
      code: "response_too_large",
      retryable: false,
    });
  }
  const reply = await client.bytes({ path: "/plain" }, { maxResponseBytes: 2000 });
  expect(reply.body.byteLength).toBe(2000);
});

test("distinguishes an unreachable server from one that does not speak HTTP", async () => {
  await expect(
    loopback.client(await loopback.nowhere()).json({ path: "/" }, unchecked),
  ).rejects.toMatchObject({
    code: "unreachable",
    retryable: true,
  });
  const other = await loopback.serveRaw((socket) =>
    socket.on("data", () => socket.end("SSH-2.0-OpenSSH\r\n")),
  );
  await expect(loopback.client(other).json({ path: "/" }, unchecked)).rejects.toMatchObject({
    code: "invalid_response",
  });
});

test("throws an InvalidResponseError if a body is not compressed as its header says", async () => {
  const url = await loopback.serve((request, response) => {
    response.writeHead(200, { "content-encoding": request.url?.slice(1) ?? "" }).end("neither");
  });
  const client = loopback.client(url);
  for (const path of ["/gzip", "/br", "/zstd"]) {
    await expect(client.bytes({ path })).rejects.toMatchObject({ code: "invalid_response" });
  }
});

test("ends running requests on close, may be closed twice, and refuses later calls", async () => {
  let arrived = false;
  const url = await loopback.serve(() => (arrived = true));
  const client = loopback.client(url);
  const waiting = client.json({ path: "/" }, unchecked);
  const outcome = expect(waiting).rejects.toMatchObject({ code: "closed" });
  await expect.poll(() => arrived).toBe(true);
  await client.close();
  await client.close();
  await outcome;
  await expect(client.json({ path: "/" }, unchecked)).rejects.toMatchObject({ code: "closed" });
});

test("leaves no connection open if it is closed right after a request starts", async () => {
  let connections = 0;
  const url = await loopback.serveRaw(() => (connections += 1));
  const client = loopback.client(url);
  const begun = client.json({ path: "/" }, unchecked);
  const outcome = expect(begun).rejects.toMatchObject({ code: "closed" });
  await client.close();
  await outcome;
  await pause(50);
  expect(connections).toBe(0);
});

test("uses an app's own Agent and does not close it", async () => {
  const url = await loopback.serve((_request, response) => response.end("1"));
  const dispatcher = new Agent();
  loopback.later(() => dispatcher.close());
  const client = createHttpClient({ baseUrl: url, dispatcher });
  expect(await client.json({ path: "/" }, unchecked)).toBe(1);
  await client.close();
  expect(dispatcher.closed).toBe(false);
});

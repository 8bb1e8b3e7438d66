import { constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { afterEach, beforeAll, expect, test } from "vitest";
import { createAuthority, type Authority, type Identity } from "./fixtures/certificates.ts";
import { Loopback } from "./fixtures/loopback.ts";
import type { HttpClient } from "./http-client.ts";

const loopback = new Loopback();
afterEach(() => loopback.close());

const unchecked = (value: unknown): unknown => value;
let authority: Authority;
let identity: Identity;
beforeAll(() => {
  authority = createAuthority("Test authority");
  identity = authority.issue("server", ["127.0.0.1"]);
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

const clientOf = (url: string): HttpClient =>
  loopback.client(url, { tls: { ca: authority.cert }, http2: true });

async function serve(
  handle: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
  settings = {},
) {
  const { url, sessions } = await loopback.serveHttp2(identity, handle, settings);
  return { client: clientOf(url), sessions };
}

async function readAll(client: HttpClient, path: string): Promise<string> {
  let text = "";
  const { body } = await client.stream({ path });
  for await (const piece of body) text += new TextDecoder().decode(piece);
  return text;
}

test("shares one connection between many requests and streams", async () => {
  const open: (() => void)[] = [];
  const { client, sessions } = await serve((request, response) => {
    open.push(() => response.end(JSON.stringify({ path: request.url, version: request.httpVersion })));
    if (open.length >= 60) for (const answer of open) answer();
  });
  const paths = Array.from({ length: 60 }, (_, index) => `/watch/${index}`);
  const answers = await Promise.all(paths.map((path) => client.json({ path }, unchecked)));
  expect(answers).toEqual(paths.map((path) => ({ path, version: "2.0" })));
  expect(await readAll(client, "/stream")).toContain("2.0");
  expect(sessions).toHaveLength(1);
});

test("stays within the server's limit of streams and completes all requests", async () => {
  let open = 0;
  let most = 0;
  const { client, sessions } = await serve(
    (_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end("1");
      }, 5);
    },
    { maxConcurrentStreams: 4 },
  );
  await client.json({ path: "/" }, unchecked); // the limit comes with the connection
  await Promise.all(Array.from({ length: 40 }, () => client.json({ path: "/" }, unchecked)));
  expect(most).toBeLessThanOrEqual(4 * sessions.length);
  expect(sessions.length).toBeLessThanOrEqual(10);
});

test("uses HTTP/1.1 for a server without HTTP/2, and long requests do not block each other", async () => {
  let open = 0;
  const url = await loopback.serveTls(identity, (request, response) => {
    open += 1;
    response.write(`"${request.httpVersion}`);
    if (open === 30) response.end('"');
  });
  const client = clientOf(url);
  const streams = Array.from({ length: 30 }, () => client.stream({ path: "/watch" }));
  await Promise.all(streams);
  expect(open).toBe(30);
});

test("keeps status, exact Retry-After and no credential in errors", async () => {
  const { client } = await serve((request, response) => {
    response.writeHead(429, { "retry-after": "30" }).end(`no ${String(request.headers.authorization)}`);
  });
  const headers = { authorization: "Bearer sk-hush-4711" };
  const error = await failure(client.bytes({ path: "/x", headers, query: { token: "sk-hush-4711" } }));
  expect(error).toMatchObject({
    code: "http_429",
    retryable: true,
    retryAfterMs: 30_000,
    body: "no [redacted]",
  });
  expect(String(error)).not.toContain("hush");
});

test("sends a whole body and receives a whole large response", async () => {
  const { client } = await serve((request, response) => {
    let bytes = 0;
    request.on("data", (piece: Buffer) => (bytes += piece.length));
    request.on("end", () => response.end(Buffer.alloc(bytes, 97)));
  });
  const body = new Uint8Array(3_000_000).fill(98);
  const reply = await client.bytes({ method: "POST", path: "/", body });
  expect(reply.body.byteLength).toBe(3_000_000);
});

test("ends only the aborted stream, with the caller's reason (T26)", async () => {
  const arrived: string[] = [];
  const closed: string[] = [];
  let answer = (): void => undefined;
  const { client, sessions } = await serve((request, response) => {
    arrived.push(request.url);
    request.stream.on("close", () => closed.push(request.url));
    if (request.url === "/body") response.write("[");
    if (request.url === "/other") answer = () => response.end('"done"');
  });
  const other = client.json({ path: "/other" }, unchecked);
  for (const path of ["/headers", "/body"]) {
    const controller = new AbortController();
    const aborted = failure(client.bytes({ path }, { signal: controller.signal }));
    await expect.poll(() => arrived).toContain(path);
    controller.abort("left");
    expect(await aborted).toBe("left");
    await expect.poll(() => closed).toContain(path);
  }
  answer();
  expect(await other).toBe("done");
  expect(sessions).toHaveLength(1);
});

test("ends a stream when its loop is left, and keeps the connection", async () => {
  let closed = 0;
  const { client, sessions } = await serve((request, response) => {
    request.stream.on("close", () => (closed += 1));
    if (request.url === "/watch") response.write("data");
    else response.end("1");
  });
  const { body } = await client.stream({ path: "/watch" });
  for await (const piece of body) {
    expect(new TextDecoder().decode(piece)).toBe("data");
    break;
  }
  await expect.poll(() => closed).toBe(1);
  await (await client.stream({ path: "/watch" })).discard();
  await expect.poll(() => closed).toBe(2);
  expect(await client.json({ path: "/" }, unchecked)).toBe(1);
  expect(sessions).toHaveLength(1);
});

test("reports a reset stream and a broken connection as lost and retryable", async () => {
  const { client, sessions } = await serve((request, response) => {
    if (request.url === "/fine") return void response.end("1");
    response.write("half");
    const { stream } = request;
    const broken = new Error("broken");
    if (request.url === "/reset") setTimeout(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR), 10);
    if (request.url === "/destroy") setTimeout(() => stream.session?.destroy(), 10);
    if (request.url === "/broken") setTimeout(() => stream.session?.destroy(broken), 10);
  });
  for (const path of ["/reset", "/destroy", "/broken"]) {
    const error = await failure(readAll(client, path));
    expect(error, path).toMatchObject({ code: "connection_lost", retryable: true });
    expect(await client.json({ path: "/fine" }, unchecked)).toBe(1);
  }
  expect(sessions.length).toBeGreaterThan(1);
});

test("reports a request that the server resets before the response as lost", async () => {
  const { client } = await serve((request) => request.stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  const post = { method: "POST", path: "/", json: {} } as const;
  expect(await failure(client.json(post, unchecked))).toMatchObject({
    code: "connection_lost",
    retryable: true,
  });
});

test("sends a POST only once if the session dies while the server works", async () => {
  const seen: string[] = [];
  const { client } = await serve((request, response) => {
    request.resume();
    seen.push(request.url);
    if (request.url === "/warm") return void response.end("1");
    setTimeout(() => request.stream.session?.destroy(), 20);
  });
  const post = (path: string) => client.json({ method: "POST", path, json: {} }, unchecked);
  const lost = { code: "connection_lost", retryable: true };
  expect(await failure(post("/fresh"))).toMatchObject(lost);
  await client.json({ path: "/warm" }, unchecked);
  const paths = ["/1", "/2", "/3", "/4"];
  const errors = await Promise.all(paths.map((path) => failure(post(path))));
  expect(errors).toMatchObject(paths.map(() => lost));
  expect(seen).toEqual(["/fresh", "/warm", ...paths]);
});

test("completes all requests while the server keeps closing connections (Q9)", async () => {
  const served = new Map<unknown, number>();
  const { client, sessions } = await serve((request, response) => {
    const { session } = request.stream;
    const count = (served.get(session) ?? 0) + 1;
    served.set(session, count);
    response.end("1");
    if (count === 10) session?.close(); // refuses what is on its way
  });
  const post = { method: "POST", path: "/", json: {} } as const;
  const lane = async (): Promise<void> => {
    for (let call = 0; call < 40; call++) expect(await client.json(post, unchecked)).toBe(1);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  expect(sessions.length).toBeGreaterThan(10);
});

test("ends running requests on close and leaves no connection", async () => {
  const { client, sessions } = await serve((_request, response) => response.write("["));
  const waiting = failure(client.bytes({ path: "/" }));
  await expect.poll(() => sessions.length).toBe(1);
  await client.close();
  expect(await waiting).toMatchObject({ code: "closed" });
  await expect.poll(() => sessions.every(({ destroyed }) => destroyed)).toBe(true);
});

import { createRequire } from "node:module";
import { Agent, fetch as undiciFetch } from "undici";
import { afterEach, expect, test } from "vitest";
import { Loopback } from "./fixtures/loopback.ts";
import { createFetch } from "./create-fetch.ts";

const loopback = new Loopback();
afterEach(() => loopback.close());

/** Moves undici's own clock, which its timeouts of headers and bodies follow. */
const { tick }: { tick(ms: number): void } = createRequire(import.meta.url)("undici/lib/util/timers.js");

function ownFetch() {
  const own = createFetch();
  loopback.later(() => own.close());
  return own;
}

test("sends requests and returns responses like the standard fetch", async () => {
  const url = await loopback.serve(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    response.writeHead(418, {
      "x-seen": `${request.method} ${String(request.headers["x-sent"])} ${encodeURIComponent(body)}`,
    });
    response.end("schön");
  });
  const { fetch } = ownFetch();
  const response = await fetch(url, { method: "POST", headers: new Headers({ "x-sent": "1" }), body: "文" });
  expect(response).toBeInstanceOf(Response);
  expect([response.status, response.headers.get("x-seen"), await response.text()]).toEqual([
    418,
    "POST 1 %E6%96%87",
    "schön",
  ]);
  await expect(fetch(url, { signal: AbortSignal.abort("left") })).rejects.toBe("left");
  await expect(fetch(url, { method: "POST", body: new FormData() })).rejects.toThrow(
    /`body` must be a string/,
  );
});

test("accepts a status text in another language", async () => {
  const url = await loopback.serveRaw((socket) => {
    socket.on("data", (data) => {
      const [, path = ""] = String(data).split(" ");
      const words = Buffer.from(
        path === "/utf8" ? "内部错误" : "Erreur du syst\u00e8me",
        path === "/utf8" ? "utf8" : "latin1",
      );
      socket.write(
        Buffer.concat([Buffer.from("HTTP/1.1 500 "), words, Buffer.from("\r\ncontent-length: 2\r\n\r\n{}")]),
      );
    });
  });
  const { fetch } = ownFetch();
  for (const path of ["/utf8", "/latin1"]) {
    const response = await fetch(url + path);
    expect([response.status, response.statusText, await response.text()]).toEqual([500, "", "{}"]);
  }
});

test("waits for late headers and silent bodies beyond the default limits of fetch", async () => {
  const arrived: string[] = [];
  const url = await loopback.serve((request, response) => {
    arrived.push(request.url ?? "");
    if (request.url === "/body") response.write("[");
  });
  const { fetch } = ownFetch();
  // The global dispatcher may be that of Node's own copy of undici, which has another clock.
  const dispatcher = new Agent();
  loopback.later(() => dispatcher.destroy());
  const fetchByDefault = (address: string) => undiciFetch(address, { dispatcher });
  const readBody = async (get: (url: string) => Promise<{ text(): Promise<string> }>): Promise<string> =>
    (await get(`${url}/body`)).text();
  const settled: string[] = [];
  const watch = (name: string, promise: Promise<unknown>): void => {
    const settle = (): unknown => settled.push(name);
    void promise.then(settle, settle);
  };
  watch("default headers", fetchByDefault(`${url}/headers`));
  watch("default body", readBody(fetchByDefault));
  watch("own headers", fetch(`${url}/headers`));
  watch("own body", readBody(fetch));
  await expect.poll(() => arrived.length).toBe(4);
  await new Promise((resolve) => setTimeout(resolve, 50)); // until the pieces of both bodies are there
  tick(1_000);
  tick(3_600_000);
  await expect.poll(() => settled.toSorted()).toEqual(["default body", "default headers"]);
});

test("ends running requests on close and leaves no connection open", async () => {
  let open = 0;
  const url = await loopback.serveRaw((socket) => {
    open += 1;
    socket.on("close", () => (open -= 1)).resume();
  });
  const own = ownFetch();
  const waiting = expect(own.fetch(url)).rejects.toThrow();
  await expect.poll(() => open).toBe(1);
  await own.close();
  await own.close();
  await waiting;
  await expect.poll(() => open).toBe(0);
});

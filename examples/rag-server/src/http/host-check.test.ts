import { IncomingMessage, request } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createKeyRing } from "../guard/keys/key-ring.ts";
import { startServer, type ListenOptions } from "../serve.ts";
import { openHandbook, type OpenedHandbook } from "../testing/open-handbook.ts";
import { testKey } from "../testing/test-keys.ts";
import { chatResponses } from "./chat-responses.ts";
import { failure } from "./schemas.ts";

const ask = JSON.stringify({ message: "When are backups taken?" });
const responses = z.tuple([z.instanceof(IncomingMessage)]);

// On an address that other machines reach, a server needs keys.
const key = testKey("browser", { roles: ["reader"] });
const keys = createKeyRing(() => [key.stored]);

let opened: OpenedHandbook;

beforeAll(async () => {
  opened = await openHandbook();
});

afterAll(() => opened.dispose());

/** Requests like a browser that opened the page under that host. `fetch` cannot set another host. */
async function chat(url: string, host: string): Promise<{ status: number | undefined; body: string }> {
  const headers = { host, "content-type": "application/json", ...key.headers };
  const sent = request(new URL("/chat", url), { method: "POST", headers }).end(ask);
  const [response] = responses.parse(await once(sent, "response"));
  return { status: response.statusCode, body: await text(response) };
}

async function statuses(
  options: Omit<ListenOptions, "port" | "keys">,
  hosts: readonly string[],
): Promise<object> {
  const server = await startServer(opened.system, { ...options, keys, port: 0 });
  const { port } = new URL(server.url);
  const replies = [];
  for (const host of hosts) replies.push([host, (await chat(`http://127.0.0.1:${port}`, host)).status]);
  await server.close();
  return Object.fromEntries(replies);
}

describe("the Host header", () => {
  test("answers on a loopback address only requests for this machine", async () => {
    const hosts = ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000"];
    const others = ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "10.0.0.1", "[::2]"];
    for (const host of ["127.0.0.1", "localhost"]) {
      expect(await statuses({ host }, [...hosts, ...others])).toEqual({
        ...Object.fromEntries(hosts.map((name) => [name, 200])),
        ...Object.fromEntries(others.map((name) => [name, 421])),
      });
    }
  });

  test("refuses a foreign host with a code before any route answers", async () => {
    const server = await startServer(opened.system, { host: "127.0.0.1", port: 0 });
    const { body } = await chat(server.url, "evil.example");
    expect(failure.parse(JSON.parse(body))).toMatchObject({
      code: "misdirected",
      message: expect.stringContaining('"evil.example"'),
    });
    expect(body).not.toContain("02:30");
    expect(Object.keys(chatResponses)).toContain("421");
    for (const path of ["/", "/chat.js", "/docs/json", "/health", "/health/live", "/nothing"]) {
      const sent = request(new URL(path, server.url), { headers: { host: "evil.example" } }).end();
      const [response] = responses.parse(await once(sent, "response"));
      response.resume();
      expect(response.statusCode, path).toBe(421);
    }
    await server.close();
  });

  test("accepts a proxy's name beside this machine's names", async () => {
    const hosts = ["rag.example", "localhost", "evil.example"];
    const expected = { "rag.example": 200, localhost: 200, "evil.example": 421 };
    for (const host of ["127.0.0.1", "0.0.0.0"])
      expect(await statuses({ host, allowedHosts: ["rag.example"] }, hosts)).toEqual(expected);
  });

  test("accepts any host on other addresses, whose names are unknown", async () => {
    expect(await statuses({ host: "0.0.0.0" }, ["anything.example"])).toEqual({ "anything.example": 200 });
  });
});

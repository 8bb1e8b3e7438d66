import { fetch as undiciFetch } from "undici";
import { expect, test } from "vitest";
import { createHttpClient, type HttpFetch } from "../kit/index.ts";
import { createReplayingFetch, type RecordedExchange } from "./replaying-fetch.ts";

const unchecked = (value: unknown): unknown => value;

function replay(...exchanges: RecordedExchange[]) {
  const replaying = createReplayingFetch(exchanges);
  return { replaying, client: createHttpClient({ baseUrl: "http://server", fetch: replaying.fetch }) };
}

test("replays each exchange once, by method, path and body, and records the requests", async () => {
  const embed = (text: string): RecordedExchange => ({
    request: { method: "POST", path: "/embed?x=1", json: { text } },
    response: { status: 201, headers: { "x-of": text }, body: `"${text}"` },
  });
  const { replaying, client } = replay(embed("a"), embed("b"), {
    request: { path: "/" },
    response: { body: "1" },
  });
  const ask = (text: string) =>
    client.json({ method: "POST", path: "/embed", query: { x: 1 }, json: { text } }, unchecked);
  expect(await Promise.all([ask("b"), ask("a")])).toEqual(["b", "a"]);
  expect(() => replaying.assertDone()).toThrow(/not asked for[^]*GET \//);
  expect((await client.bytes({ path: "/" })).body).toEqual(new TextEncoder().encode("1"));
  replaying.assertDone();
  expect(replaying.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /embed?x=1",
    "POST /embed?x=1",
    "GET /",
  ]);
  expect(replaying.requests[0]?.headers.get("content-type")).toBe("application/json");
});

test("rejects an unexpected request, and throws in assertDone even if the caller ignored the error", async () => {
  const { replaying, client } = replay({ request: { path: "/known" }, response: {} });
  await expect(client.bytes({ path: "/other" })).rejects.toThrow(
    /unexpected request GET \/other.*GET \/known/,
  );
  await client.bytes({ path: "/known" });
  expect(() => replaying.assertDone()).toThrow(/unexpected request/);
  await expect(client.bytes({ path: "/known" })).rejects.toThrow(/nothing more/);
});

test("rejects an unexpected body and shows both bodies", async () => {
  const request = { method: "PUT", path: "/", json: { limit: 3 } };
  const { client } = replay({ request, response: {} });
  await expect(client.bytes({ method: "PUT", path: "/", json: { limit: 4 } })).rejects.toThrow(
    /limit: 4[^]*limit: 3/,
  );
});

test("returns a body in its recorded pieces, which may end early", async () => {
  const { client } = replay({
    request: { path: "/" },
    response: { body: ["one", new Uint8Array([50])], ending: "cut" },
  });
  const pieces: string[] = [];
  const { body } = await client.stream({ path: "/" });
  const reading = (async () => {
    for await (const piece of body) pieces.push(new TextDecoder().decode(piece));
  })();
  await expect(reading).rejects.toMatchObject({ code: "connection_lost" });
  expect(pieces).toEqual(["one", "2"]);
});

test("rejects like fetch for a failure, and hangs until an abort", async () => {
  const { client } = replay(
    { request: { path: "/down" }, response: { failure: "ECONNREFUSED" } },
    { request: { path: "/hang" }, response: { failure: "hang" } },
    { request: { path: "/open" }, response: { body: "[", ending: "open" } },
  );
  await expect(client.bytes({ path: "/down" })).rejects.toMatchObject({ code: "unreachable" });
  for (const path of ["/hang", "/open"]) {
    const controller = new AbortController();
    const call = client.bytes({ path }, { signal: controller.signal });
    setImmediate(() => controller.abort("left"));
    await expect(call).rejects.toBe("left");
  }
});

test("fits into a client like Node's fetch and undici's", () => {
  const accepted: readonly HttpFetch[] = [globalThis.fetch, undiciFetch, createReplayingFetch([]).fetch];
  for (const fetch of accepted) createHttpClient({ baseUrl: "http://server", fetch });
});

import { QdrantClient } from "@qdrant/js-client-rest";
import { expect, test, vi } from "vitest";
import { answeringFetch } from "../fixtures/scripted-server.ts";
import { QdrantStore } from "../qdrant-store.ts";
import type { QdrantStoreOptions } from "../qdrant-options.ts";

const answered = { status: 200, body: '{"title":"qdrant","version":"1.18.3"}' };
const quiet = { checkCompatibility: false };

/** Runs one request of a store with this client. */
async function firstRequest(options: QdrantStoreOptions) {
  const { fetch, requests } = answeringFetch(() => answered);
  const store = new QdrantStore({ fetch, maxAttempts: 1, ...options });
  await store.capabilities();
  await store.close();
  return requests[0];
}

test("takes address, prefix, key and headers from an injected client, which sends nothing", async () => {
  const sent = vi.spyOn(globalThis, "fetch");
  const options = { url: "https://qdrant.test", port: 6333, prefix: "team/a", apiKey: "key-4711" };
  const client = new QdrantClient({ ...options, ...quiet, headers: { "X-Proxy-Token": "t" } });
  expect(await firstRequest({ client })).toMatchObject({
    url: "https://qdrant.test:6333/team/a/",
    headers: { "api-key": "key-4711", "x-proxy-token": "t" },
  });
  await expect(sent.mock.results[0]?.value).rejects.toMatchObject({
    cause: { message: "The request is only read, not sent." },
  });
  expect(sent).toHaveBeenCalledOnce();
  sent.mockRestore();
});

test("does not send headers that describe the client's own request", async () => {
  const client = new QdrantClient({ host: "qdrant.test", ...quiet });
  const request = await firstRequest({ client });
  expect(request?.url).toBe("http://qdrant.test:6333/");
  expect(Object.keys(request?.headers ?? {})).not.toContain("sec-fetch-mode");
  expect(String(request?.headers["user-agent"])).not.toContain("qdrant-js");
});

test.each<[what: string, options: object, expected: object]>([
  ["no address", {}, { path: "url" }],
  ["two addresses", { url: "http://a:1", client: new QdrantClient({ ...quiet }) }, { path: "client" }],
  ["a key beside a client", { apiKey: "k", client: new QdrantClient({ ...quiet }) }, { path: "apiKey" }],
  ["a client of the gRPC package", { client: { api: () => ({}) } }, { path: "client" }],
  ["a URL as client", { client: "http://a:1" }, { path: "client" }],
])("refuses %s and names the option", (_, options, expected) => {
  expect(() => new QdrantStore(options)).toThrow(
    expect.objectContaining({ code: "invalid_configuration", issues: [expect.objectContaining(expected)] }),
  );
});

test("rejects with the way out if the client does not show its address", async () => {
  const client = { api: () => ({ root: () => Promise.resolve({}) }) };
  const store = new QdrantStore({ client });
  await expect(store.capabilities()).rejects.toMatchObject({
    issues: [{ path: "client", message: expect.stringContaining("Pass `url` and `apiKey`") }],
  });
});

test("keeps the key of an injected client out of errors", async () => {
  const client = new QdrantClient({ url: "https://qdrant.test", apiKey: "key-4711", ...quiet });
  const { fetch } = answeringFetch(() => ({ status: 401, body: "bad key key-4711" }));
  const store = new QdrantStore({ client, fetch, maxAttempts: 1 });
  const error: unknown = await store.capabilities().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "unauthorized" });
  expect(String(error) + JSON.stringify(error)).not.toContain("4711");
});

import { McpServer } from "@modelcontextprotocol/server";
import { request } from "node:http";
import { expect, test } from "vitest";
import { serveOverHttp } from "./serve-over-http.ts";

const statusOf = (url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end("{}");
  });

test("refuses foreign hosts and foreign or opaque origins, and keeps serving", async () => {
  const stop = new AbortController();
  const { promise: started, resolve: onUrl } = Promise.withResolvers<string>();
  const create = () => new McpServer({ name: "test", version: "1" });
  const serving = serveOverHttp(create, { port: 0, signal: stop.signal, onUrl });
  const url = await started;
  expect(await statusOf(url, { host: "evil.example" })).toBe(421);
  for (const origin of ["https://evil.example", "null", "not a url", "http://127.0.0.1.evil.example"])
    expect(await statusOf(url, { origin })).toBe(421);
  // The handler itself answers these, because they pass the check.
  for (const origin of ["http://localhost:3000", "http://[::1]"])
    expect(await statusOf(url, { origin })).not.toBe(421);
  stop.abort();
  await serving;
});

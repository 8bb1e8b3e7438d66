import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { qdrantMissing, startQdrant, type QdrantServer } from "../../../tests/servers/qdrant.ts";
import { createExampleCalls } from "./api-table/example-calls.ts";
import { openPlatform } from "./api-table/open-platform.ts";
import type { OpenedApi } from "./testing/open-api.ts";

// A server of its own, because the tests delete collections.
const missing = qdrantMissing("own");

const media = z.object({ schema: z.record(z.string(), z.any()) });
const described = z.object({ content: z.record(z.string(), media) });
const operation = z.object({ responses: z.record(z.string(), described) });
const description = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

let qdrant: QdrantServer | undefined;

beforeAll(async () => {
  if (missing === undefined) qdrant = await startQdrant({ apiKey: "right" });
});
afterAll(() => qdrant?.close());

const stores = [
  ["SQLite", undefined],
  ["Qdrant", missing],
] as const;

for (const [name, because] of stores) {
  describe.skipIf(because !== undefined)(
    `the API on ${name}${because === undefined ? "" : `: ${because}`}`,
    () => {
      let api: OpenedApi;
      let paths: z.output<typeof description>["paths"];

      beforeAll(async () => {
        api = await openPlatform(
          name === "SQLite" ? {} : { QDRANT_URL: qdrant?.url, QDRANT_API_KEY: "right" },
        );
        ({ paths } = description.parse((await api.app.inject({ url: "/docs/json" })).json()));
      });
      afterAll(() => api.close());

      const schemaOf = (method: string, path: string, status: number, type: string) =>
        paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()]?.responses[status]?.content[type]
          ?.schema;

      test("calls every route, and every reply is as the OpenAPI document says (T9, Q15)", async () => {
        for (const { method, path, status, send } of createExampleCalls()) {
          const reply = await send(api);
          const what = `${method} ${path}`;
          expect([what, reply.statusCode], reply.body.slice(0, 500)).toEqual([what, status]);
          const [type = ""] = String(reply.headers["content-type"]).split(";");
          const schema = schemaOf(method, path, status, type);
          expect(schema, `${what} ${status} ${type} is described`).toBeDefined();
          if (type === "application/json") z.fromJSONSchema(schema ?? {}).parse(reply.json());
        }
      });

      test("has an example for every guarded route", () => {
        const called = new Set(createExampleCalls().map(({ method, path }) => `${method} ${path}`));
        const routes = api.app
          .apiRoutes()
          .filter(({ method, access }) => access !== "public" && method !== "HEAD")
          .map(({ method, path }) => `${method} ${path}`);
        expect(routes.filter((route) => !called.has(route))).toEqual([]);
      });

      test("keeps two tenants of one collection apart, also by equal ids", async () => {
        const body = { name: "tenants", dimensions: 2, space: "own", tenancy: "required" };
        expect((await api.call("POST", "/collections", body)).statusCode).toBe(201);
        const insert = (tenant: string, text: string) =>
          api.call(
            "POST",
            "/vectors/insert",
            { collection: "tenants", id: "1", vector: [1, 0], text },
            { "x-tenant": tenant },
          );
        await Promise.all([insert("a", "Of a."), insert("b", "Of b.")]);
        const search = { collection: "tenants", vector: [1, 0] };
        for (const tenant of ["a", "b"]) {
          const found = await api.call("POST", "/vectors/search", search, { "x-tenant": tenant });
          expect(found.json()).toMatchObject({ hits: [{ text: `Of ${tenant}.` }] });
        }
        await api.call("DELETE", "/vectors/1?collection=tenants", undefined, { "x-tenant": "a" });
        const left = await api.call("GET", "/vectors/1?collection=tenants", undefined, { "x-tenant": "b" });
        expect(left.json()).toMatchObject({ text: "Of b." });
      });

      test("describes the index, the quantization and the state of a collection (Q31)", async () => {
        const fields = { topic: "keyword", year: "integer" };
        await api.call("POST", "/collections", { name: "shown", dimensions: 2, space: "own", fields });
        const { engine } = (await api.call("GET", "/collections/shown")).json<{ engine: object }>();
        const embedded = { status: "ok", search: "exact", index: null, quantization: "none" };
        const graph = { kind: "hnsw", m: 16, ef_construct: 200, indexed_vectors: expect.any(Number) };
        const served = { status: "green", search: "approximate", index: graph, quantization: "int8" };
        expect(engine).toMatchObject({
          ...(name === "SQLite" ? embedded : served),
          indexed_fields: ["topic", "year"],
          problem: null,
        });
      });

      test("refuses the second of two changes of one version (Q22)", async () => {
        await api.call("POST", "/collections", { name: "versions", dimensions: 2, space: "own" });
        await api.call("POST", "/vectors/insert", { collection: "versions", id: "1", vector: [1, 0] });
        const read = await api.call("GET", "/vectors/1?collection=versions");
        const { version } = read.json<{ version: number }>();
        const change = () =>
          api.call("PUT", "/vectors/1", {
            collection: "versions",
            vector: [0, 1],
            expected_version: version,
          });
        expect((await change()).statusCode).toBe(200);
        expect((await change()).statusCode).toBe(409);
      });
    },
  );
}

describe.skipIf(missing !== undefined)(
  `a Qdrant server that fails${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    test("gives a documented status without its address, and health tells since when (Q4)", async () => {
      const server = await startQdrant({ apiKey: "right" });
      const api = await openPlatform({ QDRANT_URL: server.url, QDRANT_API_KEY: "right" });
      const partOf = async () => {
        const reply = await api.call("GET", "/health");
        const { components } = reply.json<{
          components: Record<string, { since: string; lastError?: object }>;
        }>();
        return { status: reply.statusCode, part: components["store"] };
      };
      await api.call("POST", "/collections", { name: "kept", dimensions: 2, space: "own" });
      const healthy = await partOf();
      expect(healthy).toMatchObject({ status: 200, part: { status: "ok" } });
      await server.close();
      const calls = [
        () => api.call("POST", "/vectors/insert", { collection: "kept", vector: [1, 0] }),
        () => api.call("POST", "/vectors/search", { collection: "kept", vector: [1, 0] }),
        () => api.call("GET", "/collections"),
        () => api.call("DELETE", "/collections/kept?confirm=kept"),
      ];
      for (const call of calls) {
        const reply = await call();
        expect(reply.statusCode).toBe(502);
        expect(reply.body).not.toContain(new URL(server.url).port);
      }
      const broken = await partOf();
      expect(broken).toMatchObject({ status: 503, part: { status: "down", lastError: { status: "down" } } });
      expect(broken.part?.since).not.toBe(healthy.part?.since);
      expect((await api.call("GET", "/metrics")).statusCode).toBe(200);
      await api.close();
    });
  },
);

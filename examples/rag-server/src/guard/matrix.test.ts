import { FakeInferenceBackend } from "@binnacle/core/testing";
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../http/create-app.ts";
import type { RegisteredRoute } from "../http/modules/shared/access.ts";
import { openApi, type OpenedApi } from "../testing/open-api.ts";
import { testKey, type TestKey } from "../testing/test-keys.ts";
import { createKeyRing } from "./keys/key-ring.ts";
import { permissions, type Permission } from "./permissions.ts";
import { roles } from "./roles.ts";

const past = "2020-01-01T00:00:00Z";
const only = new Map(
  permissions.map((one) => [one, testKey(`only-${one.toLowerCase()}`, { permissions: [one] })]),
);
const without = new Map(
  permissions.map((one) => [
    one,
    testKey(`without-${one.toLowerCase()}`, { permissions: permissions.filter((other) => other !== one) }),
  ]),
);
const ofTenant = new Map(
  permissions.map((one) => [
    one,
    testKey(`tenant-${one.toLowerCase()}`, { permissions: [one], tenant: "acme" }),
  ]),
);
const expired = testKey("expired", { roles: ["admin"], expires_at: past });
const acme = testKey("acme", { roles: ["writer"], tenant: "acme" });
const rival = testKey("rival", { roles: ["writer"], tenant: "rival" });
const admin = testKey("admin", { roles: ["admin"] });
const narrow = testKey("narrow", { roles: ["admin"], collections: ["notes"] });
const keys = [
  ...only.values(),
  ...without.values(),
  ...ofTenant.values(),
  expired,
  acme,
  rival,
  admin,
  narrow,
];

let api: OpenedApi;
let guarded: readonly (RegisteredRoute & {
  readonly permission: Permission;
  readonly operatorOnly: boolean;
})[];

beforeAll(async () => {
  const backend = new FakeInferenceBackend({ replies: ["Text."] });
  const ring = createKeyRing(() => keys.map(({ stored }) => stored));
  api = await openApi({ keys: ring, parts: { backend } });
  guarded = api.app.apiRoutes().flatMap((route) => {
    const { access, method } = route;
    if (access === "public" || method === "HEAD") return [];
    return [{ ...route, permission: access.permission, operatorOnly: access.operatorOnly ?? false }];
  });
  const create = (body: object) => api.call("POST", "/collections", body, admin.headers);
  await create({ name: "shared", dimensions: 2, space: "own", tenancy: "required" });
  await create({ name: "plain", dimensions: 2, space: "own" });
  await create({ name: "notes", dimensions: 2, space: "own" });
});

afterAll(() => api.close());

async function statusOf(route: RegisteredRoute, headers: Readonly<Record<string, string>>): Promise<number> {
  const url = route.path.replace(":name", "none").replace(":id", "none").replace(":snapshot", "a.snapshot");
  const methods = ["GET", "POST", "PUT", "DELETE"] as const satisfies readonly InjectOptions["method"][];
  const method = methods.find((one) => one === route.method) ?? "GET";
  const hasBody = method === "POST" || method === "PUT";
  const request = { method, url, headers, ...(hasBody && { payload: {} }) };
  return (await api.app.inject(request)).statusCode;
}

function keyFor(
  keysByPermission: ReadonlyMap<Permission, TestKey>,
  permission: Permission,
): TestKey["headers"] {
  const key = keysByPermission.get(permission);
  if (key === undefined) throw new TypeError(permission);
  return key.headers;
}

describe("every route and every caller", () => {
  test("names the eleven permissions, and roles are sets of them (Q52)", () => {
    const original = ["GenerateText", "HealthCheck", "ViewMetrics"];
    const vectors = ["InsertVectors", "SearchVectors", "UpdateVectors", "DeleteVectors"];
    const others = ["ManageCollections", "CreateSnapshots", "ViewAnalytics", "AdministerSystem"];
    expect(permissions).toEqual([...original, ...vectors, ...others]);
    expect(new Set(roles.admin)).toEqual(new Set(permissions));
    expect(guarded.length).toBeGreaterThan(20);
  });

  test("refuses a caller without a key, or with a wrong or expired one (T61)", async () => {
    const wrong = { authorization: `Bearer bk_admin_${"x".repeat(43)}` };
    for (const route of guarded)
      for (const headers of [{}, { authorization: "Basic eDp5" }, wrong, expired.headers])
        expect([route.path, await statusOf(route, headers)]).toEqual([route.path, 401]);
  });

  test("refuses a key with every permission but the route's, and accepts one with only that (Q8, Q53)", async () => {
    for (const route of guarded) {
      const { permission } = route;
      const what = `${route.method} ${route.path}`;
      expect([what, await statusOf(route, keyFor(without, permission))]).toEqual([what, 403]);
      expect([401, 403], what).not.toContain(await statusOf(route, keyFor(only, permission)));
    }
  });

  test("refuses a tenant's key where the route touches all tenants (Q53)", async () => {
    const operatorOnly = guarded.filter((route) => route.operatorOnly);
    expect(operatorOnly.length).toBeGreaterThan(7);
    for (const route of guarded) {
      const status = await statusOf(route, keyFor(ofTenant, route.permission));
      if (route.operatorOnly) expect([route.path, status]).toEqual([route.path, 403]);
      else expect([401, 403], route.path).not.toContain(status);
    }
  });

  test("does not start with a route that declares no access (Q53)", async () => {
    const app = await createApp(api.system);
    app.get("/open", () => "anything");
    await expect(app.ready()).rejects.toThrow(/GET.*\/open declares no access/);
    await app.close();
  });

  test("shows the page, its parts and the probes to anybody", async () => {
    for (const url of ["/", "/chat.js", "/docs", "/health/live", "/health/ready"])
      expect((await api.app.inject({ url })).statusCode).toBeLessThan(400);
    expect((await api.app.inject({ url: "/nothing" })).statusCode).toBe(404);
  });
});

describe("another tenant's data", () => {
  beforeAll(async () => {
    for (const { headers } of [acme, rival])
      for (const id of ["both", `own-${headers === acme.headers ? "acme" : "rival"}`])
        await api.call(
          "POST",
          "/vectors/insert",
          { collection: "shared", id, vector: [1, 0], text: "Secret." },
          headers,
        );
    await api.call(
      "POST",
      "/vectors/insert",
      { collection: "plain", id: "p", vector: [1, 0] },
      admin.headers,
    );
  });

  const as = (key: TestKey) => (method: Parameters<OpenedApi["call"]>[0], path: string, body?: object) =>
    api.call(method, path, body, key.headers);

  test("is missing in each route that takes an id (Q53)", async () => {
    const call = as(rival);
    const id = "own-acme";
    const base = { collection: "shared" };
    expect((await call("GET", `/vectors/${id}?collection=shared`)).statusCode).toBe(404);
    expect((await call("PUT", `/vectors/${id}`, { ...base, metadata: {} })).statusCode).toBe(404);
    expect((await call("PUT", `/vectors/${id}`, { ...base, vector: [0, 1] })).statusCode).toBe(404);
    expect((await call("DELETE", `/vectors/${id}?collection=shared`)).json()).toMatchObject({
      deleted: false,
    });
    expect((await call("POST", "/vectors/recommend", { ...base, positive: [id] })).statusCode).toBe(404);
    const operations = [
      { op: "update", id, metadata: {} },
      { op: "delete", id },
    ];
    const batch = await call("POST", "/vectors/batch", { ...base, operations });
    expect(batch.json()).toMatchObject({
      outcomes: [{ error: { code: "not_found" } }, { status: "deleted" }],
    });
    expect((await as(acme)("GET", `/vectors/${id}?collection=shared`)).statusCode).toBe(200);
  });

  test("is never found, counted or overwritten (Q53)", async () => {
    const found = await as(rival)("POST", "/vectors/search", { collection: "shared", vector: [1, 0] });
    const ids = found.json<{ hits: { id: string }[] }>().hits.map((hit) => hit.id);
    expect(new Set(ids)).toEqual(new Set(["both", "own-rival"]));
    expect((await as(rival)("GET", "/collections/shared")).json()).toMatchObject({ points: 2 });
    await as(rival)("DELETE", "/vectors/both?collection=shared");
    expect((await as(acme)("GET", "/vectors/both?collection=shared")).statusCode).toBe(200);
  });

  test("is not reached by naming the tenant, except by the operator (Q53)", async () => {
    const path = "/vectors/own-acme?collection=shared";
    const named = { "x-tenant": "acme" };
    expect((await api.call("GET", path, undefined, { ...rival.headers, ...named })).statusCode).toBe(403);
    expect((await api.call("GET", path, undefined, { ...admin.headers, ...named })).statusCode).toBe(200);
    const unnamed = await api.call("GET", path, undefined, admin.headers);
    expect([unnamed.statusCode, unnamed.json<{ code: string }>().code]).toEqual([400, "tenant_required"]);
  });

  test("shows a tenant no collection without tenants, and a key only its collections (Q30)", async () => {
    const calls = [
      () => as(rival)("GET", "/collections/plain"),
      () => as(rival)("GET", "/vectors/p?collection=plain"),
      () => as(rival)("POST", "/vectors/search", { collection: "plain", vector: [1, 0] }),
      () => as(rival)("POST", "/vectors/insert", { collection: "plain", vector: [1, 0] }),
      () => as(rival)("POST", "/generate", { prompt: "x", collection: "plain", store_embedding: true }),
      () => as(narrow)("GET", "/vectors/p?collection=plain"),
      () => as(narrow)("POST", "/collections/plain/snapshot"),
    ];
    for (const call of calls) expect((await call()).statusCode).toBe(404);
    expect((await as(narrow)("DELETE", "/collections/plain?confirm=plain")).statusCode).toBe(403);
    expect((await as(narrow)("POST", "/collections", { name: "more", dimensions: 2 })).statusCode).toBe(403);
    const names = async (key: TestKey) =>
      (await as(key)("GET", "/collections"))
        .json<{ collections: { name: string }[] }>()
        .collections.map(({ name }) => name);
    expect(await names(rival)).toEqual(["shared"]);
    expect(await names(narrow)).toEqual(["notes"]);
  });
});

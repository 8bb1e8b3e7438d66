import { expect, test } from "vitest";
import { createClusterReader } from "../reader/create-cluster-reader.ts";
import type { ClusterReader } from "../reader/cluster-reader.ts";
import { createKubernetesSource } from "../source/create-kubernetes-source.ts";
import { FakeApiServer, refusal } from "../source/fixtures/fake-api-server.ts";
import { webTypes } from "../source/fixtures/web-types.ts";
import type { IndexedObject } from "./compare-inventory.ts";
import { verifyCluster, type ClusterVerification } from "./verify-cluster.ts";

interface Lab {
  readonly server: FakeApiServer;
  readonly reader: ClusterReader;
  /** The documents of an index that a complete sync made. */
  readonly documents: Map<string, IndexedObject>;
  verify(): Promise<ClusterVerification>;
}

async function syncedLab(): Promise<Lab> {
  const server = new FakeApiServer(webTypes);
  server.put("pods", "web-0", "shop");
  server.put("deployments", "web", "shop", { spec: { replicas: 1 } });
  server.put("nodes", "n1", undefined);
  server.put("secrets", "db", "shop", { data: { password: "c2VjcmV0" } });
  const options = { cluster: "lab", access: { url: "http://127.0.0.1", fetch: server.fetch } };
  const source = createKubernetesSource(options);
  const documents = new Map<string, IndexedObject>();
  for await (const change of source.changes({ follow: false })) {
    if (change.type !== "upsert") continue;
    const { documentId, scope, version } = change;
    const resourceVersion = String((await change.load())?.observed?.["resourceVersion"]);
    documents.set(documentId, { documentId, scope, version, resourceVersion, cluster: "lab" });
  }
  await source.close();
  const reader = createClusterReader(options);
  const verify = (): Promise<ClusterVerification> =>
    verifyCluster({ reader, documents: () => documents.values(), settleMs: 0 });
  return { server, reader, documents, verify };
}

test("finds no difference after a sync, and requests no Secrets", async () => {
  const { server, verify } = await syncedLab();
  server.requests.length = 0;
  expect(await verify()).toMatchObject({
    ok: true,
    objects: 3,
    documents: 3,
    differences: [],
    unchecked: [],
  });
  expect(server.requests.filter(({ path }) => path.includes("secrets"))).toEqual([]);
});

test("names missing, stale, orphaned and foreign documents", async () => {
  const { server, documents, verify } = await syncedLab();
  server.put("pods", "web-1", "shop");
  server.put("deployments", "web", "shop", { spec: { replicas: 2 } });
  server.remove("pods", "web-0", "shop");
  documents.set("old/uid-9", { documentId: "old/uid-9", scope: "pods", version: "v", cluster: "old" });
  const { ok, counts, differences } = await verify();
  expect(ok).toBe(false);
  expect(counts).toEqual({ missing: 1, stale: 1, orphaned: 1, foreign: 1 });
  expect(differences.map(({ kind, scope }) => `${kind} ${scope}`).sort()).toEqual([
    "foreign pods",
    "missing pods",
    "orphaned pods",
    "stale deployments.apps",
  ]);
});

test("does not call a document stale if only the resource version changed", async () => {
  const { server, verify } = await syncedLab();
  server.put("deployments", "web", "shop", { spec: { replicas: 1 } });
  expect(await verify()).toMatchObject({ ok: true, counts: { stale: 0 } });
});

test("reports a forbidden scope as unchecked and its documents as unproven", async () => {
  const { server, verify } = await syncedLab();
  server.intercept = ({ path }) => (path.endsWith("/pods") ? refusal(403, "Forbidden") : undefined);
  const result = await verify();
  expect(result.ok).toBe(false);
  expect(result.differences).toEqual([]);
  expect(result.unchecked).toMatchObject([{ scope: "pods", documents: 1, code: "http_403" }]);
});

test("calls documents of a type that is no longer served orphaned", async () => {
  const { documents, verify } = await syncedLab();
  const documentId = "lab/uid-50";
  documents.set(documentId, { documentId, scope: "widgets.example.org", version: "v", cluster: "lab" });
  expect(await verify()).toMatchObject({ differences: [{ kind: "orphaned", documentId }] });
});

test("reads one object with its redacted text, and requests no Secret", async () => {
  const { server, reader } = await syncedLab();
  const name = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
  expect(await reader.read(name)).toMatchObject({
    key: "Deployment.apps/shop/web",
    title: "Deployment shop/web",
  });
  server.requests.length = 0;
  expect(await reader.read({ group: "", kind: "Secret", namespace: "shop", name: "db" })).toBeUndefined();
  expect(server.requests).toEqual([]);
});

test("refuses an API server older than 1.20", async () => {
  const { server, reader } = await syncedLab();
  const version = { gitVersion: "v1.19.3" };
  server.intercept = ({ path }) =>
    path === "/version"
      ? {
          status: 200,
          headers: { get: () => null },
          body: (async function* () {
            yield new TextEncoder().encode(JSON.stringify(version));
          })(),
        }
      : undefined;
  await expect(reader.identity()).rejects.toMatchObject({ code: "server_too_old" });
});

test("does not count objects that have no document of their own", async () => {
  const { server, reader } = await syncedLab();
  const secrets = createClusterReader({
    cluster: "lab",
    access: { url: "http://127.0.0.1", fetch: server.fetch },
    kinds: { include: ["Secret"] },
  });
  const result = await verifyCluster({ reader: secrets, documents: () => [], settleMs: 0 });
  expect(result).toMatchObject({ ok: true, objects: 0, documents: 0 });
  await Promise.all([reader.close(), secrets.close()]);
});

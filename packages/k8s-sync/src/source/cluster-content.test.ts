import { expect, test } from "vitest";
import { createKubernetesSource } from "./create-kubernetes-source.ts";
import { refusal } from "./fixtures/fake-api-server.ts";
import { FollowedCluster } from "./fixtures/followed-cluster.ts";
import { webTypes } from "./fixtures/web-types.ts";
import type { KubernetesSourceEvent } from "./source-event.ts";

const widgets = {
  group: "example.com",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
} as const;
const definitions = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
} as const;

test("makes another document of an object that was deleted and created again (T41)", async () => {
  await using cluster = new FollowedCluster();
  const first = cluster.server.put("pods", "web-0", "shop");
  await cluster.listed();
  cluster.server.remove("pods", "web-0", "shop");
  const second = cluster.server.put("pods", "web-0", "shop");
  await cluster.until(() => cluster.upserts().length === 2);
  expect(cluster.said.flatMap((change) => (change.type === "remove" ? [change.documentId] : []))).toEqual([
    `lab/${first.metadata.uid}`,
  ]);
  expect(cluster.upserts()[1]).toBe(`lab/${second.metadata.uid}`);
});

test("says nothing about changes that change no document (T51)", async () => {
  await using cluster = new FollowedCluster();
  const beat = (second: number): void => {
    cluster.server.put("pods", "web-0", "shop", {
      metadata: {
        managedFields: [{ time: String(second) }],
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": String(second) },
      },
      status: {
        conditions: [{ type: "Ready", status: "True", lastProbeTime: `2026-01-01T00:00:${second}Z` }],
      },
    });
  };
  beat(10);
  await cluster.listed();
  for (let second = 11; second < 60; second += 1) beat(second);
  const last = cluster.server.put("pods", "web-1", "shop");
  await cluster.until(() => cluster.upserts().includes(`lab/${last.metadata.uid}`));
  expect(cluster.upserts()).toHaveLength(2);
});

test("leaves out system namespaces and noisy kinds (T44, T45)", async () => {
  await using cluster = new FollowedCluster();
  for (const namespace of ["kube-system", "shop"]) {
    cluster.server.put("namespaces", namespace, undefined);
    cluster.server.put("pods", "web-0", namespace);
    cluster.server.put("secrets", "token", namespace);
    cluster.server.put("leases", "leader", namespace);
  }
  await cluster.listed();
  const [scopes] = cluster.said.flatMap((change) => (change.type === "scopes" ? [change.scopes] : []));
  expect(scopes?.toSorted()).toEqual(["deployments.apps", "namespaces", "nodes", "pods"]);
  expect(cluster.upserts()).toHaveLength(2);
});

test("lists each type in each included namespace, and nothing outside (T44)", async () => {
  await using cluster = new FollowedCluster({
    namespaces: { include: ["shop", "bank"] },
    kinds: { include: ["Pod"] },
  });
  for (const namespace of ["shop", "bank", "other"]) {
    cluster.server.put("namespaces", namespace, undefined);
    cluster.server.put("pods", "web-0", namespace);
  }
  await cluster.listed();
  const [scopes] = cluster.said.flatMap((change) => (change.type === "scopes" ? [change.scopes] : []));
  expect(scopes).toEqual(["pods/shop", "pods/bank"]);
  expect(cluster.upserts()).toHaveLength(2);
  expect(cluster.server.requests.map(({ path }) => path)).not.toContain("/api/v1/pods");
});

test("reads only the objects with the labels (T44)", async () => {
  await using cluster = new FollowedCluster({ labelSelector: "app=web", kinds: { include: ["pods"] } });
  cluster.server.put("pods", "web-0", "shop", { metadata: { labels: { app: "web" } } });
  cluster.server.put("pods", "db-0", "shop", { metadata: { labels: { app: "db" } } });
  await cluster.listed();
  expect(cluster.upserts()).toHaveLength(1);
});

test("reports a status field that ticks, and then leaves it out (T51)", async () => {
  const events: KubernetesSourceEvent[] = [];
  await using cluster = new FollowedCluster({ onEvent: (event) => events.push(event) }, [widgets]);
  const beat = (beats: number) => cluster.server.put("widgets", "w1", "shop", { status: { beats } });
  beat(0);
  await cluster.listed();
  for (let beats = 1; beats < 20; beats += 1) beat(beats);
  const last = cluster.server.put("widgets", "w2", "shop");
  await cluster.until(() => cluster.upserts().includes(`lab/${last.metadata.uid}`));
  expect(events).toEqual([{ type: "field-left-out", resource: "widgets.example.com", path: "status.beats" }]);
});

test("finds a type that is installed later, and removes the scope of a type that is gone (T39)", async () => {
  await using cluster = new FollowedCluster({}, [...webTypes, definitions]);
  await cluster.listed();
  cluster.server.types.push(widgets);
  cluster.server.put("widgets", "w1", "shop");
  cluster.server.put("customresourcedefinitions", "widgets.example.com", undefined);
  await cluster.until(() => cluster.has("upsert", definitions.plural + "." + definitions.group));
  await cluster.clock.advance(2_000);
  await cluster.until(() => cluster.has("upsert", "widgets.example.com"));
  cluster.server.types.pop();
  cluster.server.remove("customresourcedefinitions", "widgets.example.com", undefined);
  await cluster.until(() => cluster.has("remove", "customresourcedefinitions.apiextensions.k8s.io"));
  await cluster.clock.advance(2_000);
  await cluster.until(() => cluster.has("removed", "widgets.example.com"));
  expect(cluster.said.findLast((change) => change.type === "scopes")).not.toHaveProperty(
    "scopes",
    expect.arrayContaining(["widgets.example.com"]),
  );
});

test("removes a type that went away between two runs, but keeps it if its server does not answer (T39)", async () => {
  const checkpoint = await (async () => {
    await using cluster = new FollowedCluster({}, [...webTypes, widgets]);
    cluster.server.put("widgets", "w1", "shop");
    await cluster.listed();
    await cluster.until(() => cluster.checkpoints.has("widgets.example.com"));
    return new Map(cluster.checkpoints);
  })();
  await using gone = new FollowedCluster();
  gone.follow(checkpoint);
  await gone.until(() => gone.has("removed", "widgets.example.com"));
  await using stale = new FollowedCluster({}, [...webTypes, { ...widgets, isStale: true }]);
  stale.follow(checkpoint);
  await stale.until(() => stale.said.some(({ type }) => type === "scopes"));
  expect(stale.said[0]).toMatchObject({
    type: "scopes",
    scopes: expect.arrayContaining(["widgets.example.com"]),
  });
  expect(stale.has("removed", "widgets.example.com")).toBe(false);
});

test("resumes each type from its checkpoint without a list (T42)", async () => {
  const kinds = { include: ["nodes", "namespaces"] };
  await using cluster = new FollowedCluster({ kinds });
  cluster.server.put("nodes", "n1", undefined);
  await cluster.listed();
  await cluster.until(() => cluster.checkpoints.size === 2);
  const resume = new Map(cluster.checkpoints);
  const node = cluster.server.put("nodes", "n2", undefined);
  const access = { url: "http://127.0.0.1", fetch: cluster.server.fetch };
  const again = createKubernetesSource({ cluster: "lab", access, clock: cluster.clock, kinds });
  const said = [];
  for await (const change of again.changes({ follow: true, resume })) {
    said.push(change);
    if (change.type === "upsert") break;
  }
  expect(said.filter(({ type }) => type === "listing")).toEqual([]);
  expect(said.at(-1)).toMatchObject({ documentId: `lab/${node.metadata.uid}` });
  await again.close();
});

test("lists again if the checkpoint is of another selection (T44)", async () => {
  await using cluster = new FollowedCluster();
  await cluster.listed();
  await cluster.until(() => cluster.checkpoints.size === 4);
  await using other = new FollowedCluster({ labelSelector: "app=web" });
  await other.listed(new Map(cluster.checkpoints));
});

test("rejects a read that does not fit the cluster, and says why (T44, T45)", async () => {
  const failures: [options: ConstructorParameters<typeof FollowedCluster>[0], code: string][] = [
    [{ kinds: { include: ["Gadget"] } }, "unknown_kind"],
    [{ namespaces: { include: ["nowhere"] } }, "unknown_namespace"],
  ];
  for (const [options, code] of failures) {
    await using cluster = new FollowedCluster(options);
    await expect(
      cluster.source.changes({ follow: false })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code });
  }
});

test("rejects checkpoints of another cluster before it shows anything (T44)", async () => {
  await using cluster = new FollowedCluster();
  cluster.server.put("namespaces", "kube-system", undefined);
  const resume = new Map([["pods", "k8s1|other-uid|x|12|12"]]);
  const first = cluster.source.changes({ follow: true, resume })[Symbol.asyncIterator]().next();
  await expect(first).rejects.toMatchObject({ code: "other_cluster" });
});

test("rejects a read without any rights, and shows nothing (T39)", async () => {
  await using cluster = new FollowedCluster();
  cluster.server.intercept = ({ path }) =>
    /pods|nodes|namespaces|deployments/.test(path) ? refusal(403, "Forbidden") : undefined;
  const types: string[] = [];
  const reading = (async () => {
    for await (const { type } of cluster.source.changes({ follow: false })) types.push(type);
  })();
  await expect(reading).rejects.toMatchObject({ code: "no_rights" });
  expect(types).not.toContain("listing");
});

test("does not store newer content under an older version (T51)", async () => {
  await using cluster = new FollowedCluster({ maxPendingBytes: 4_000, kinds: { include: ["pods"] } });
  for (let pod = 0; pod < 10; pod += 1) cluster.server.put("pods", `web-${pod}`, "shop");
  await cluster.listed();
  const [first] = cluster.said.filter((change) => change.type === "upsert");
  expect((await first?.load())?.title).toBe("Pod shop/web-0");
  cluster.server.put("pods", "web-0", "shop", { metadata: { labels: { a: "b" } } });
  await expect(first?.load()).rejects.toMatchObject({ code: "object_changed", retryable: true });
  cluster.server.remove("pods", "web-0", "shop");
  await expect(first?.load()).resolves.toBeUndefined();
});

const owned = (kind: string, name: string, apiVersion = "apps/v1") => ({
  ownerReferences: [{ apiVersion, kind, name, controller: true }],
});
const running = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
const shopTypes = [
  ...webTypes,
  { group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets", namespaced: true },
  { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true },
] as const;

test("tells pods and warnings in the document of their workload, and tells it once (T40)", async () => {
  await using cluster = new FollowedCluster({}, shopTypes);
  const { server } = cluster;
  const web = server.put("deployments", "web", "shop");
  server.put("replicasets", "web-5f7", "shop", { metadata: owned("Deployment", "web") });
  for (const name of ["web-5f7-a", "web-5f7-b"])
    server.put("pods", name, "shop", { metadata: owned("ReplicaSet", "web-5f7"), status: running });
  await cluster.listed();
  expect(cluster.upserts()).toEqual([`lab/${web.metadata.uid}`]);
  const textOf = async (): Promise<string> => {
    const change = cluster.said.findLast((each) => each.type === "upsert");
    return (await change?.load())?.text ?? "";
  };
  expect(await textOf()).toContain("2 pods");
  server.put("events", "web.1", "shop", {
    type: "Warning",
    reason: "FailedScheduling",
    message: "no node has enough memory",
    involvedObject: { kind: "Pod", apiVersion: "v1", namespace: "shop", name: "web-5f7-a" },
  });
  await cluster.until(() => cluster.upserts().length === 2);
  expect(await textOf()).toContain("FailedScheduling");
  server.remove("events", "web.1", "shop");
  await cluster.until(() => cluster.upserts().length === 3);
  expect(await textOf()).not.toContain("FailedScheduling");
});

test("reads an object of a resumed scope again when a warning about it comes (T40)", async () => {
  await using cluster = new FollowedCluster({}, shopTypes);
  const node = cluster.server.put("nodes", "n1", undefined);
  await cluster.listed();
  await cluster.until(() => cluster.checkpoints.has("nodes"));
  const resume = new Map(cluster.checkpoints);
  const access = { url: "http://127.0.0.1", fetch: cluster.server.fetch };
  await using again = new FollowedCluster({ access }, shopTypes);
  again.follow(resume);
  await again.until(
    () =>
      again.has("listing", "events", "complete") &&
      again.source.status().every(({ state }) => state === "watching"),
  );
  cluster.server.put("events", "n1.1", "default", {
    type: "Warning",
    reason: "DiskPressure",
    message: "the disk is full",
    involvedObject: { kind: "Node", apiVersion: "v1", name: "n1" },
  });
  await again.until(() => again.upserts().includes(`lab/${node.metadata.uid}`));
});

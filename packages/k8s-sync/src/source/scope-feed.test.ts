import { FakeClock } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createClusterClient } from "../cluster/cluster-client.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import { ChangeQueue } from "../queue/change-queue.ts";
import { FoldedObjects } from "./folded-objects.ts";
import { ObjectDocuments } from "./object-documents.ts";
import { ScopeFeed } from "./scope-feed.ts";

const type = { group: "", version: "v1", plural: "services", kind: "Service", namespaced: true };

const service = (resourceVersion: string, port: number): KubernetesObject => ({
  metadata: { name: "web", namespace: "shop", uid: "u1", resourceVersion },
  spec: { ports: [{ port }] },
});

/** Returns a feed without a server, and a function that takes the names of its changes. */
function quietFeed() {
  const clock = new FakeClock();
  const queue = new ChangeQueue(1e6);
  const fetch = () => Promise.reject(new Error("nothing is read here"));
  const client = createClusterClient(async () => ({ url: "http://127.0.0.1", fetch }), clock);
  const documents = new ObjectDocuments({
    cluster: "lab",
    client,
    maxBytes: 1e6,
    clock,
    redaction: {},
    replicas: "folded",
    selection: { namespaces: { include: undefined, exclude: [] }, labelSelector: undefined },
  });
  const feed = new ScopeFeed({
    scope: { name: "services", type, namespace: undefined, query: { path: "/api/v1/services" }, digest: "d" },
    clusterUid: "c",
    queue,
    documents,
    folds: new FoldedObjects(() => undefined),
    now: () => clock.now(),
    load: (reference, options) => documents.load(reference, options),
    onObject: () => undefined,
  });
  const said = (): readonly string[] => {
    const names: string[] = [];
    for (let change = queue.take(); change !== undefined; change = queue.take()) names.push(change.type);
    return names;
  };
  return { feed, said };
}

test("drops the answer of a read if the watch said meanwhile that the object is gone (T40)", async () => {
  const { feed, said } = quietFeed();
  await feed.take(async () => {
    feed.changed(service("11", 81));
    feed.removed(service("12", 81));
    return service("10", 80);
  });
  expect(said()).toEqual(["remove"]);
  await feed.take(async () => service("13", 82));
  expect(said()).toEqual(["upsert"]);
});

test("drops the answer of a read if a list began meanwhile (T40)", async () => {
  const { feed, said } = quietFeed();
  await feed.take(async () => {
    feed.started();
    feed.complete("12", 0);
    return service("10", 80);
  });
  expect(said()).not.toContain("upsert");
});

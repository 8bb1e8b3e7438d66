import { describe, expect, it } from "vitest";
import { resources } from "../fixtures/resources.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { createObjectDescriber, documentVersion } from "../rendering/create-object-describer.ts";
import { createFoldBook, type FoldBook } from "./create-fold-book.ts";
import type { FoldedObject } from "./folded-fact.ts";

const describer = createObjectDescriber({ cluster: "lab" });

function folded(object: KubernetesObject, type: ResourceType): FoldedObject {
  const read = describer.read(object, type);
  if (read.type !== "folded") throw new Error(`The object is read as ${read.type}.`);
  return read.folded;
}

const owner = (kind: string, name: string): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind,
  name,
  controller: true,
});

function pod(name: string, waiting?: string, restartCount = 0): KubernetesObject {
  const state: KubernetesObject = waiting === undefined ? { running: {} } : { waiting: { reason: waiting } };
  return {
    metadata: { name, namespace: "shop", uid: name, ownerReferences: [owner("ReplicaSet", "web-5f7")] },
    spec: { nodeName: "n1", containers: [{ name: "main", image: "web:1" }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: waiting === undefined ? "True" : "False" }],
      containerStatuses: [{ name: "main", restartCount, state }],
    },
  };
}

const replicaSet: KubernetesObject = {
  metadata: { name: "web-5f7", namespace: "shop", uid: "rs", ownerReferences: [owner("Deployment", "web")] },
};

const warning: KubernetesObject = {
  metadata: { name: "web-1.17", namespace: "shop", uid: "e1" },
  involvedObject: { kind: "Pod", apiVersion: "v1", namespace: "shop", name: "web-1" },
  type: "Warning",
  reason: "BackOff",
  message: "Back-off restarting failed container main 2m40s",
  count: 17,
};

function bookOfWeb(): FoldBook {
  const book = createFoldBook();
  book.put("web-0", folded(pod("web-0"), resources.pod), "Pod/shop/web-0");
  book.put("web-1", folded(pod("web-1", "CrashLoopBackOff", 9), resources.pod), "Pod/shop/web-1");
  book.put("rs", folded(replicaSet, resources.replicaSet), "ReplicaSet.apps/shop/web-5f7");
  return book;
}

describe("createFoldBook", () => {
  it("tells pods of a ReplicaSet in the document of its Deployment, in whatever order they come", () => {
    const facts = bookOfWeb().factsOf("Deployment.apps/shop/web");
    expect(facts).toMatchObject({ pods: 2, unhealthyCount: 1, nodes: ["n1"] });
    expect(facts?.unhealthy[0]).toMatchObject({
      name: "web-1",
      state: "running but not ready, container main waits: CrashLoopBackOff after more than 5 restarts",
    });
  });

  it("names the document that changes with a pod, an event or its end", () => {
    const book = bookOfWeb();
    const root = ["Deployment.apps/shop/web"];
    expect(book.put("e1", folded(warning, resources.event), "Event/shop/web-1.17")).toEqual(root);
    expect(book.factsOf("Deployment.apps/shop/web")?.warnings).toEqual([
      { type: "event", reason: "BackOff", message: "Back-off restarting failed container main (duration)" },
    ]);
    expect(book.remove("e1")).toEqual(root);
    expect(book.remove("web-1")).toEqual(root);
    expect(book.remove("web-1")).toEqual([]);
    expect(book.factsOf("Deployment.apps/shop/web")).toMatchObject({
      pods: 1,
      unhealthyCount: 0,
      warnings: [],
    });
  });

  it("keeps the version of the document while only counters and durations tick (T51)", () => {
    const book = bookOfWeb();
    const version = (): string => documentVersion("own", book.factsOf("Deployment.apps/shop/web"));
    book.put("e1", folded(warning, resources.event), "Event/shop/web-1.17");
    const before = version();
    const later = { ...warning, count: 18, message: "Back-off restarting failed container main 5m0s" };
    book.put("e1", folded(later, resources.event), "Event/shop/web-1.17");
    book.put("web-1", folded(pod("web-1", "CrashLoopBackOff", 12), resources.pod), "Pod/shop/web-1");
    expect(version()).toBe(before);
    book.put("web-1", folded(pod("web-1"), resources.pod), "Pod/shop/web-1");
    expect(version()).not.toBe(before);
  });

  it("bounds the facts of one document, and counts the rest", () => {
    const book = createFoldBook({ maxFacts: 3 });
    for (let at = 0; at < 10; at++) {
      book.put(`p${at}`, folded(pod(`p${at}`, "ErrImagePull"), resources.pod), `Pod/shop/p${at}`);
    }
    const facts = book.factsOf("ReplicaSet.apps/shop/web-5f7");
    expect(facts?.unhealthy).toHaveLength(3);
    expect(facts).toMatchObject({ pods: 10, unhealthyCount: 10 });
  });

  it("leaves out events that are no warning", () => {
    expect(describer.read({ ...warning, type: "Normal" }, resources.event)).toEqual({ type: "unread" });
  });
});

import { describe, expect, it } from "vitest";
import { resources } from "../fixtures/resources.ts";
import { describeObject } from "./describe-object.ts";

const web = {
  metadata: {
    name: "web",
    namespace: "shop",
    uid: "6f1b",
    resourceVersion: "5",
    generation: 3,
    labels: { app: "web" },
    managedFields: [{ manager: "kubectl" }],
  },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        serviceAccountName: "web",
        containers: [
          {
            name: "web",
            image: "registry.local/web:1.2",
            ports: [{ containerPort: 80, protocol: "TCP" }],
            env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }],
          },
        ],
        volumes: [{ name: "config", configMap: { name: "web-config", defaultMode: 420 } }],
      },
    },
  },
  status: {
    replicas: 3,
    readyReplicas: 1,
    updatedReplicas: 3,
    observedGeneration: 3,
    conditions: [
      {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
        lastTransitionTime: "2026-11-30T10:00:00Z",
      },
    ],
  },
};

describe("describeObject", () => {
  it("tells a workload, its relations and its conditions in sentences (T40)", () => {
    const { text = "", title } = describeObject(web, resources.deployment, { cluster: "prod" }) ?? {};
    expect(title).toBe("Deployment shop/web");
    expect(text).toContain("Deployment web in namespace shop has 1 of 3 replicas ready.");
    expect(text).toContain("It runs container web from image registry.local/web:1.2 on port 80.");
    expect(text).toContain("It mounts ConfigMap web-config.");
    expect(text).toContain("It reads environment variables from Secret db.");
    expect(text).toContain("Available is false, with reason MinimumReplicasUnavailable");
    expect(text).not.toContain("2026-11-30");
  });

  it("names the object by its uid, and puts its relations into the metadata (T41)", () => {
    const { documentId, metadata } = describeObject(web, resources.deployment, { cluster: "prod" }) ?? {};
    expect(documentId).toBe("6f1b");
    expect(metadata).toMatchObject({
      cluster: "prod",
      key: "Deployment.apps/shop/web",
      state: "NotReady",
      podLabels: ["app=web"],
      relations: [
        "mounts ConfigMap/shop/web-config",
        "readsEnvFrom Secret/shop/db",
        "runsAs ServiceAccount/shop/web",
      ],
    });
  });

  it("keeps its content hash when only the version and the heartbeat change (T51)", () => {
    const later = structuredClone(web);
    later.metadata.resourceVersion = "6";
    later.metadata.generation = 4;
    for (const condition of later.status.conditions) condition.lastTransitionTime = "2026-11-30T11:00:00Z";
    const hash = (object: typeof web): string | undefined =>
      describeObject(object, resources.deployment, { cluster: "prod" })?.contentHash;
    expect(hash(later)).toBe(hash(web));
    later.status.readyReplicas = 2;
    expect(hash(later)).not.toBe(hash(web));
  });
});

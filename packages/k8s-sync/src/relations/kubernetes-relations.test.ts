import { describe, expect, it } from "vitest";
import { resources } from "../fixtures/resources.ts";
import type { KubernetesMetadata } from "../objects/kubernetes-metadata.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { describeObject } from "../rendering/describe-object.ts";
import { kubernetesRelations } from "./kubernetes-relations.ts";

function metadataOf(object: KubernetesObject, type: ResourceType): KubernetesMetadata {
  const described = describeObject(object, type, { cluster: "lab" });
  if (described === undefined) throw new Error("The object has no document.");
  return described.metadata;
}

/** Returns the names of the relations from one document to another. */
function between(from: KubernetesMetadata, to: KubernetesMetadata): readonly string[] {
  return kubernetesRelations(from).flatMap(({ relationTo }) => relationTo(to) ?? []);
}

const web = metadataOf(
  {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web", tier: "front" } },
        spec: {
          containers: [{ name: "main", image: "web:1", envFrom: [{ configMapRef: { name: "settings" } }] }],
        },
      },
    },
  },
  resources.deployment,
);
const service = metadataOf(
  { metadata: { name: "web", namespace: "shop" }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } },
  resources.service,
);
const ingress = metadataOf(
  {
    metadata: { name: "front", namespace: "shop" },
    spec: {
      rules: [
        {
          host: "shop.example.com",
          http: { paths: [{ path: "/", backend: { service: { name: "web", port: { number: 80 } } } }] },
        },
      ],
    },
  },
  resources.ingress,
);
const settings = metadataOf(
  { metadata: { name: "settings", namespace: "shop" }, data: {} },
  resources.configMap,
);

describe("kubernetesRelations", () => {
  it("follows references in both directions", () => {
    expect(between(web, settings)).toEqual(["readsEnvFrom"]);
    expect(between(settings, web)).toEqual(["readBy"]);
    expect(between(ingress, service)).toEqual(["routesTo"]);
    expect(between(service, ingress)).toEqual(["routedFrom"]);
  });

  it("follows selectors in both directions by the labels of the pods", () => {
    expect(between(service, web)).toEqual(["selects"]);
    expect(between(web, service)).toEqual(["selectedBy"]);
    const other = {
      ...service,
      selects: ["app=web", "tier=back"],
      selector: '{"matchLabels":{"app":"web","tier":"back"}}',
    };
    expect(between(web, other)).toEqual([]);
  });

  it("stays within the cluster and, for selectors, within the namespace", () => {
    for (const { filter } of kubernetesRelations(web))
      expect(JSON.stringify(filter)).toContain('"cluster":"lab"');
    const selecting = kubernetesRelations(service).find(({ relationTo }) => relationTo(web) === "selects");
    expect(JSON.stringify(selecting?.filter)).toContain('"namespace":"shop"');
  });

  it("reads nothing from the metadata of another source", () => {
    expect(kubernetesRelations({ title: "A page" })).toEqual([]);
  });
});

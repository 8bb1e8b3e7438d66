import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createApiClient, type ApiClient } from "../../examples/k8s-assistant/src/testing/api-client.ts";
import { kubelabMissing, startKubelab, type Kubelab } from "../servers/kubelab.ts";
import { buildOverlay, kustomizeMissing, type Manifest } from "./kustomize.ts";

const missing = kubelabMissing("own") ?? kustomizeMissing();
const overlays = ["development", "staging", "production"] as const;
const namespaces = ["ai-inference-system", "qdrant-system", "monitoring"];
const workload = z.looseObject({
  spec: z.looseObject({
    replicas: z.number().optional(),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({ volumes: z.array(z.unknown()).default([]) }),
    }),
    volumeClaimTemplates: z
      .array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) }))
      .default([]),
  }),
});

describe.skipIf(missing !== undefined)(`the deployment${missing ? ` (${missing})` : ""}`, () => {
  let lab: Kubelab;
  let api: ApiClient;

  beforeAll(async () => {
    lab = await startKubelab({ own: true });
    api = await createApiClient(lab.kubeconfig);
    await api.apply({ items: buildOverlay("production").filter(({ kind }) => kind === "Namespace") });
    // The admission of pods asks for the account, which the controller manager would have made.
    for (const namespace of namespaces) await api.apply({ items: [account("default", namespace)] });
    await api.apply({ items: [account("ai-inference-server", "ai-inference-system")] });
  });

  afterAll(() => lab.close());

  test.each(overlays)("passes the checks of an API server, as %s (Q55, T64)", async (overlay) => {
    const items = buildOverlay(overlay).filter(
      ({ kind }) => kind !== "Namespace" && kind !== "ServiceAccount",
    );
    await api.apply({ items }, { dryRun: true });
  });

  test.each(overlays)("holds only pods that the restricted policy admits, as %s (T62)", async (overlay) => {
    const items = buildOverlay(overlay).filter(hasPods).map(podOf);
    expect(items.length).toBeGreaterThan(4);
    await api.apply({ items }, { dryRun: true });
  });

  test("has three servers, five workers and three peers of Qdrant in production (Q55)", () => {
    const built = buildOverlay("production");
    const replicas = Object.fromEntries(
      built.filter(hasPods).map((item) => [item.metadata.name, workload.parse(item).spec.replicas]),
    );
    expect(replicas).toMatchObject({
      "ai-inference-server": 3,
      "vector-operation-workers": 5,
      "qdrant-cluster": 3,
      "redis-cluster": 6,
    });
    const names = new Set(built.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
    expect(names).toContain("Service/qdrant-load-balancer");
    expect(names).toContain("StatefulSet/prometheus");
    expect(names).toContain("Deployment/grafana");
    expect(names).not.toContain("StatefulSet/redis-cache");
    const spaces = built.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
    expect(spaces.toSorted()).toEqual(namespaces.toSorted());
  });

  test("uses managed services in staging and holds no secret anywhere (T64)", () => {
    const staging = buildOverlay("staging");
    expect(staging.map(({ metadata }) => metadata.name)).not.toContain("qdrant-cluster");
    for (const overlay of overlays)
      expect(buildOverlay(overlay).filter(({ kind }) => kind === "Secret")).toEqual([]);
  });

  test("mounts a root that no container can write (T62)", () => {
    for (const item of overlays.flatMap((overlay) => buildOverlay(overlay)).filter(hasPods)) {
      const { containers } = z
        .looseObject({ containers: z.array(z.looseObject({ securityContext: z.looseObject({}) })) })
        .parse(workload.parse(item).spec.template.spec);
      for (const { securityContext } of containers)
        expect(securityContext, item.metadata.name).toMatchObject({ readOnlyRootFilesystem: true });
    }
  });
});

const account = (name: string, namespace: string): Manifest => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace },
});

const hasPods = ({ kind }: Manifest): boolean => ["Deployment", "StatefulSet", "Job"].includes(kind);

/** The pod of a workload. Claimed volumes become empty ones, because no claim exists here. */
function podOf(item: Manifest): Manifest {
  const { template, volumeClaimTemplates } = workload.parse(item).spec;
  const { name, namespace } = item.metadata;
  const claimed = volumeClaimTemplates.map(({ metadata }) => ({ name: metadata.name, emptyDir: {} }));
  const spec = { ...template.spec, volumes: [...template.spec.volumes, ...claimed] };
  const metadata = { name, namespace, labels: template.metadata.labels };
  return { apiVersion: "v1", kind: "Pod", metadata, spec };
}

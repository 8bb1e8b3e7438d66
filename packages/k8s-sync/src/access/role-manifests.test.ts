import { describe, expect, it } from "vitest";
import { resources } from "../fixtures/resources.ts";
import { roleManifests } from "./role-manifests.ts";

const types = [
  ...Object.values(resources),
  { ...resources.pod, plural: "pods/log" },
  { ...resources.node, plural: "componentstatuses", verbs: ["get", "list"] },
];

describe("roleManifests", () => {
  it("names every type by group, without `*`, Secrets, subresources and types that cannot be watched", () => {
    const [role, binding] = roleManifests({ types });
    expect(role).toMatchObject({ kind: "ClusterRole", metadata: { name: "k8s-sync" } });
    expect(role?.["rules"]).toContainEqual({
      apiGroups: [""],
      resources: ["configmaps", "events", "nodes", "pods", "services"],
      verbs: ["get", "list", "watch"],
    });
    expect(JSON.stringify(role)).not.toMatch(
      /secrets|\*|pods\/log|componentstatuses|certificatesigningrequests/,
    );
    expect(binding).toMatchObject({
      kind: "ClusterRoleBinding",
      roleRef: { kind: "ClusterRole", name: "k8s-sync" },
    });
  });

  it("leaves out the types that the source never reads, and keeps the core events", () => {
    const unread = [
      ["", "Endpoints", "endpoints"],
      ["apps", "ControllerRevision", "controllerrevisions"],
      ["coordination.k8s.io", "Lease", "leases"],
      ["discovery.k8s.io", "EndpointSlice", "endpointslices"],
      ["events.k8s.io", "Event", "events"],
    ].map(([group = "", kind = "", plural = ""]) => ({
      group,
      version: "v1",
      kind,
      plural,
      namespaced: true,
    }));
    expect(roleManifests({ types: [...types, ...unread] })).toEqual(roleManifests({ types }));
    expect(roleManifests({ types: unread })[0]).toMatchObject({ rules: [] });
  });

  it("makes a Role for each namespace, without types of the whole cluster", () => {
    const manifests = roleManifests({ types, namespaces: ["shop", "docs"], exclude: ["configmaps"] });
    expect(manifests.map(({ kind, metadata }) => [kind, metadata])).toEqual([
      ["Role", { name: "k8s-sync", namespace: "shop" }],
      ["RoleBinding", { name: "k8s-sync", namespace: "shop" }],
      ["Role", { name: "k8s-sync", namespace: "docs" }],
      ["RoleBinding", { name: "k8s-sync", namespace: "docs" }],
    ]);
    expect(JSON.stringify(manifests)).not.toMatch(/nodes|configmaps|webhook/);
  });
});

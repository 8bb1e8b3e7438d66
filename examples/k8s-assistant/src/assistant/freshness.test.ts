import { expect, test } from "vitest";
import type { ClusterRecord } from "../cluster/cluster-record.ts";
import { freshnessOf } from "./freshness.ts";

const now = 1_800_000_000_000;
const record: ClusterRecord = {
  version: 1,
  cluster: "lab",
  uid: "u",
  serverVersion: "v1.36.0",
  mode: "watching",
  updatedAt: now - 1_000,
  scopes: [
    { scope: "pods", state: "current", asOf: now - 12_000 },
    { scope: "deployments.apps", state: "degraded", asOf: now - 180_000, error: "connection lost" },
    { scope: "roles.rbac.authorization.k8s.io", state: "degraded", error: "http_403: forbidden" },
    { scope: "jobs.batch", state: "pending" },
    { scope: "services/shop", state: "current", asOf: now },
  ],
};

test("tells the age of an object's type, also if it is synced by namespace", () => {
  const { of } = freshnessOf(record, now);
  expect(of({ resource: "pods", namespace: "shop" })).toBe("12 s ago");
  expect(of({ resource: "deployments.apps", namespace: "shop" })).toBe("degraded, 3 min ago");
  expect(of({ resource: "services", namespace: "shop" })).toBe("0 s ago");
  expect(of({ resource: "widgets.example.org", namespace: "shop" })).toBe("unknown age");
});

test("names the types that are forbidden, degraded or not synced, and only those asked about", () => {
  expect(freshnessOf(record, now).warnings()).toEqual([
    "deployments.apps is degraded and may be stale: connection lost",
    "roles.rbac.authorization.k8s.io is forbidden to the sync, so it is not in the index.",
    "jobs.batch is not synced yet.",
  ]);
  expect(freshnessOf(record, now).warnings(["pods"])).toEqual([]);
});

test("says that no process follows the cluster once the record is old", () => {
  const old = { ...record, updatedAt: now - 60_000 };
  expect(freshnessOf(old, now).warnings(["pods"])).toEqual([
    "No process follows the cluster. The index is as old as its last run, 60 s ago.",
  ]);
});

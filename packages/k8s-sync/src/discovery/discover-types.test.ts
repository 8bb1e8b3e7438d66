import { FakeClock } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createClusterClient } from "../cluster/cluster-client.ts";
import { resourceTypeName } from "../objects/resource-type.ts";
import { FakeApiServer, refusal } from "../source/fixtures/fake-api-server.ts";
import type { FakeType } from "../source/fixtures/fake-bodies.ts";
import { webTypes } from "../source/fixtures/web-types.ts";
import { discoverTypes } from "./discover-types.ts";
import { selectTypes } from "./select-types.ts";

const scaler = (version: string) => ({
  group: "autoscaling",
  version,
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  namespaced: true,
});

async function discover(
  types: readonly FakeType[],
  change: (server: FakeApiServer) => void = () => undefined,
) {
  const server = new FakeApiServer(types);
  change(server);
  const client = createClusterClient(
    async () => ({ url: "http://127.0.0.1", fetch: server.fetch }),
    new FakeClock(),
  );
  return { ...(await discoverTypes(client)), requests: server.requests.length };
}

test("finds every type with list and watch in two requests (T39)", async () => {
  const { types, requests } = await discover(webTypes);
  expect(requests).toBe(2);
  expect(types.map(resourceTypeName)).toEqual([
    "pods",
    "nodes",
    "namespaces",
    "secrets",
    "deployments.apps",
    "leases.coordination.k8s.io",
  ]);
});

test("finds the same types on a server without aggregated discovery (T39)", async () => {
  const { types } = await discover(webTypes, (server) => (server.isAggregated = false));
  expect(types).toEqual((await discover(webTypes)).types);
});

test("takes each type once, in the first version of its group that has it (T39)", async () => {
  const old = { ...scaler("v1beta1"), kind: "Old", plural: "olds" };
  const { types } = await discover([scaler("v2"), scaler("v1"), old]);
  expect(types.map(({ plural, version }) => [plural, version])).toEqual([
    ["horizontalpodautoscalers", "v2"],
    ["olds", "v1beta1"],
  ]);
});

test("keeps the types of all other groups if one does not answer (T39)", async () => {
  const stale = { ...scaler("v2"), group: "metrics.example.com", isStale: true };
  const aggregated = await discover([...webTypes, stale]);
  expect(aggregated.unavailable).toMatchObject([
    { group: "metrics.example.com", error: { code: "api_unavailable" } },
  ]);
  expect(aggregated.types).toHaveLength(6);
  const legacy = await discover([...webTypes, stale], (server) => {
    server.isAggregated = false;
    server.intercept = ({ path }) =>
      path === "/apis/metrics.example.com/v2" ? refusal(503, "ServiceUnavailable") : undefined;
  });
  expect(legacy.unavailable).toMatchObject([{ group: "metrics.example.com", error: { code: "http_503" } }]);
  expect(legacy.types).toHaveLength(6);
});

test("selects kinds by kind and by name, and reads events once (T45)", async () => {
  const events = ["", "events.k8s.io"].map((group) => ({
    group,
    version: "v1",
    kind: "Event",
    plural: "events",
    namespaced: true,
  }));
  const { types } = await discover([...webTypes, ...events]);
  const select = (include: string[] | undefined, exclude: string[] = []) =>
    selectTypes(types, { include, exclude, clusterScoped: true }).map(resourceTypeName);
  expect(select(undefined)).toEqual(["pods", "nodes", "namespaces", "events", "deployments.apps"]);
  expect(select(undefined, ["Deployment", "nodes"])).toEqual(["pods", "namespaces", "events"]);
  expect(select(["Event", "deployment.apps", "Secret"])).toEqual(["secrets", "events", "deployments.apps"]);
});

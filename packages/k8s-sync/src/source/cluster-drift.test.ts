import { expect, test } from "vitest";
import { FollowedCluster } from "./fixtures/followed-cluster.ts";
import type { KubernetesSourceEvent } from "./source-event.ts";

const reconcileMs = 60_000;

test("measures what a watch has missed by a list of metadata, lists the type again, and reports it in the status (T43)", async () => {
  const events: KubernetesSourceEvent[] = [];
  await using cluster = new FollowedCluster({
    reconcileMs,
    idleMs: 10 * reconcileMs,
    kinds: { include: ["pods"] },
    onEvent: (event) => events.push(event),
  });
  const { server } = cluster;
  for (let pod = 0; pod < 3; pod += 1) server.put("pods", `web-${pod}`, "shop");
  await cluster.listed();
  const heard = cluster.said.length;
  server.isSilent = true;
  const changed = server.put("pods", "web-0", "shop", { metadata: { labels: { a: "b" } } });
  const created = server.put("pods", "web-3", "shop");
  server.remove("pods", "web-1", "shop");
  server.isSilent = false;
  await cluster.clock.advance(reconcileMs);
  await cluster.until(() => true);
  for (let turn = 0; turn < 3; turn += 1) await cluster.clock.advance(2_000);
  await cluster.until(() => events.length > 0);
  expect(events).toMatchObject([{ type: "drift", scope: "pods", missing: 1, stale: 1, orphaned: 1 }]);
  for (let turn = 0; turn < 3; turn += 1) await cluster.clock.advance(1_000);
  await cluster.until(() =>
    cluster.said.slice(heard).some((change) => change.type === "listing" && change.state === "complete"),
  );
  expect(cluster.upserts(heard)).toEqual(
    expect.arrayContaining([`lab/${changed.metadata.uid}`, `lab/${created.metadata.uid}`]),
  );
  expect(cluster.source.status()).toMatchObject([{ scope: "pods", lists: 2, drift: { missing: 1 } }]);
});

test("finds no drift in a type that is in step, and does not list it again", async () => {
  const events: KubernetesSourceEvent[] = [];
  await using cluster = new FollowedCluster({
    reconcileMs,
    idleMs: 10 * reconcileMs,
    kinds: { include: ["pods"] },
    onEvent: (event) => events.push(event),
  });
  cluster.server.put("pods", "web-0", "shop");
  await cluster.listed();
  cluster.server.put("pods", "web-1", "shop");
  await cluster.until(() => cluster.upserts().length === 2);
  await cluster.clock.advance(reconcileMs);
  await cluster.until(() => true);
  for (let turn = 0; turn < 3; turn += 1) await cluster.clock.advance(2_000);
  await cluster.until(() => cluster.source.status()[0]?.drift !== undefined);
  expect(cluster.source.status()).toMatchObject([{ lists: 1, drift: { missing: 0, stale: 0, orphaned: 0 } }]);
  expect(events).toEqual([]);
});

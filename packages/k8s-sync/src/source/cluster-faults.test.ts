import { expect, test } from "vitest";
import { refusal } from "./fixtures/fake-api-server.ts";
import { FollowedCluster } from "./fixtures/followed-cluster.ts";

const isWatch = (query: URLSearchParams): boolean => query.get("watch") === "true";
const podsPath = "/api/v1/pods";

test("reads what changes after a watch broke in the middle of a line, from the same version (T43)", async () => {
  await using cluster = new FollowedCluster();
  cluster.server.put("pods", "web-0", "shop");
  await cluster.listed();
  cluster.server.cutWatches();
  const changed = cluster.server.put("pods", "web-0", "shop", { metadata: { labels: { a: "b" } } });
  await cluster.until(() => cluster.server.watches < 4);
  await cluster.clock.advance(1_000);
  await cluster.until(() => cluster.upserts().length === 2);
  expect(cluster.upserts()).toEqual([`lab/${changed.metadata.uid}`, `lab/${changed.metadata.uid}`]);
  expect(cluster.said.filter(({ type }) => type === "listing")).toHaveLength(2 * 4);
});

test("lists a type again after 410, waits before the list, and reports objects that are gone (T43)", async () => {
  await using cluster = new FollowedCluster();
  const gone = cluster.server.put("pods", "web-0", "shop");
  cluster.server.put("pods", "web-1", "shop");
  await cluster.listed();
  cluster.server.remove("pods", "web-0", "shop");
  await cluster.until(() => cluster.has("remove", "pods"));
  const heard = cluster.said.length;
  cluster.server.compact();
  cluster.server.failWatches(410, "Expired");
  const lists = (): number =>
    cluster.server.requests.filter(({ path, query }) => path === podsPath && query.has("sendInitialEvents"))
      .length;
  await cluster.until(() => cluster.server.watches === 0);
  expect(lists()).toBe(1);
  await cluster.clock.advance(1_000);
  await cluster.until(() =>
    cluster.said
      .slice(heard)
      .some((change) => change.type === "listing" && change.scope === "pods" && change.state === "complete"),
  );
  expect(lists()).toBe(2);
  expect(cluster.upserts(heard)).not.toContain(`lab/${gone.metadata.uid}`);
});

test("continues from the same version after an ERROR event that is not 410 (T43)", async () => {
  await using cluster = new FollowedCluster();
  cluster.server.put("pods", "web-0", "shop");
  await cluster.listed();
  cluster.server.failWatches(500, "InternalError");
  cluster.server.put("pods", "web-1", "shop");
  await cluster.clock.advance(1_000);
  await cluster.until(() => cluster.upserts().length === 2);
  expect(cluster.said.filter((change) => change.type === "listing" && change.scope === "pods")).toHaveLength(
    2,
  );
});

test("honours Retry-After of a 429, then says that the type is current (T43)", async () => {
  await using cluster = new FollowedCluster();
  await cluster.listed();
  cluster.server.intercept = ({ path, query }) =>
    path === podsPath && isWatch(query) ? refusal(429, "TooManyRequests", { "retry-after": "7" }) : undefined;
  cluster.server.endWatches();
  await cluster.clock.advance(1_000);
  await cluster.until(() => cluster.degraded("pods").includes("http_429"));
  cluster.server.intercept = () => undefined;
  const asked = (): number => cluster.server.requests.filter(({ path }) => path === podsPath).length;
  const before = asked();
  await cluster.clock.advance(5_500);
  expect(asked()).toBe(before);
  const heard = cluster.said.length;
  await cluster.clock.advance(2_000);
  await cluster.until(() =>
    cluster.said.slice(heard).some((change) => change.type === "current" && change.scope === "pods"),
  );
});

test("reports a forbidden type, keeps the others going, and lists it once the right is granted (T39)", async () => {
  await using cluster = new FollowedCluster({ forbiddenRetryMs: 10_000 });
  cluster.server.put("pods", "web-0", "shop");
  cluster.server.put("nodes", "n1", undefined);
  cluster.server.intercept = ({ path }) => (path === podsPath ? refusal(403, "Forbidden") : undefined);
  cluster.follow();
  await cluster.until(
    () => cluster.has("listing", "nodes", "complete") && cluster.degraded("pods").length > 0,
  );
  expect(cluster.degraded("pods")).toEqual(["http_403"]);
  expect(cluster.has("listing", "pods")).toBe(false);
  cluster.server.intercept = () => undefined;
  await cluster.clock.advance(16_000);
  await cluster.until(() => cluster.has("listing", "pods", "complete"));
});

test("lists a type at intervals if only its watch is forbidden (T39)", async () => {
  await using cluster = new FollowedCluster({ pollMs: 10_000 });
  cluster.server.hasStreamingLists = false;
  cluster.server.intercept = ({ path, query }) =>
    path === podsPath && isWatch(query) ? refusal(403, "Forbidden") : undefined;
  await cluster.listed();
  const pod = cluster.server.put("pods", "web-0", "shop");
  await cluster.clock.advance(12_000);
  await cluster.until(() => cluster.upserts().includes(`lab/${pod.metadata.uid}`));
});

test("stops asking at once if every watch gets 410, and lists at intervals (T43)", async () => {
  await using cluster = new FollowedCluster({ pollMs: 60_000 });
  cluster.server.hasStreamingLists = false;
  cluster.server.intercept = ({ path, query }) =>
    path === podsPath && isWatch(query) && !query.has("sendInitialEvents")
      ? refusal(410, "Expired")
      : undefined;
  await cluster.listed();
  for (let turn = 0; turn < 12; turn += 1) await cluster.clock.advance(20_000);
  expect(cluster.degraded("pods")).toContain("watch_impossible");
  const asked = cluster.server.requests.filter(({ path }) => path === podsPath).length;
  for (let turn = 0; turn < 6; turn += 1) await cluster.clock.advance(20_000);
  expect(cluster.server.requests.filter(({ path }) => path === podsPath).length - asked).toBeLessThanOrEqual(
    4,
  );
});

test("opens a watch again that is open but silent, and says so (T43)", async () => {
  await using cluster = new FollowedCluster({ idleMs: 90_000 });
  await cluster.listed();
  await cluster.clock.advance(60_000);
  cluster.server.bookmark();
  await cluster.until(() => cluster.source.status().every(({ state }) => state === "watching"));
  await cluster.clock.advance(60_000);
  expect(cluster.degraded("pods")).toEqual([]);
  await cluster.clock.advance(40_000);
  await cluster.until(() => cluster.degraded("pods").includes("watch_silent"));
  const pod = cluster.server.put("pods", "web-0", "shop");
  await cluster.clock.advance(1_000);
  await cluster.until(() => cluster.upserts().includes(`lab/${pod.metadata.uid}`));
  expect(cluster.source.status().find(({ scope }) => scope === "pods")).toMatchObject({ state: "watching" });
});

test("does not call a watch silent while its own reader is slow (T43)", async () => {
  const kinds = { include: ["nodes"] };
  await using cluster = new FollowedCluster({ kinds, idleMs: 90_000, maxPendingBytes: 2_000 });
  for (let node = 0; node < 20; node += 1) cluster.server.put("nodes", `n${node}`, undefined);
  const seen = new Set<string>();
  for await (const change of cluster.source.changes({ follow: true })) {
    expect(change.type).not.toBe("degraded");
    if (change.type !== "upsert") continue;
    seen.add(change.documentId);
    if (seen.size === 20) break;
    if (seen.size === 1) await cluster.clock.advance(100_000);
  }
});

test("waits if the server closes each watch at once (T43)", async () => {
  await using cluster = new FollowedCluster();
  await cluster.listed();
  for (let turn = 0; turn < 20; turn += 1) {
    cluster.server.endWatches();
    await cluster.clock.advance(100);
  }
  const watches = cluster.server.requests.filter(({ path, query }) => path === podsPath && isWatch(query));
  expect(watches.length).toBeLessThan(8);
});

test("advances its checkpoint and its freshness with bookmarks (T43)", async () => {
  await using cluster = new FollowedCluster();
  await cluster.listed();
  const before = cluster.checkpoints.get("pods");
  cluster.server.put("nodes", "n1", undefined);
  await cluster.clock.advance(60_000);
  cluster.server.bookmark();
  await cluster.until(() => cluster.checkpoints.get("pods") !== before);
  const status = cluster.source.status().find(({ scope }) => scope === "pods");
  expect(status).toMatchObject({ asOf: cluster.clock.now(), state: "watching" });
});

test("falls back to pages if the server has no streaming lists (T42)", async () => {
  await using cluster = new FollowedCluster({ pageSize: 2 });
  cluster.server.hasStreamingLists = false;
  for (let pod = 0; pod < 5; pod += 1) cluster.server.put("pods", `web-${pod}`, "shop");
  await cluster.listed();
  expect(cluster.upserts()).toHaveLength(5);
  const pages = cluster.server.requests.filter(({ path, query }) => path === podsPath && query.has("limit"));
  expect(pages).toHaveLength(3);
});

test("lists from the start if the token of a page has expired, and shows no object that is gone (T42)", async () => {
  await using cluster = new FollowedCluster({ pageSize: 2 });
  const { server } = cluster;
  server.hasStreamingLists = false;
  for (let pod = 0; pod < 4; pod += 1) server.put("pods", `web-${pod}`, "shop");
  let isFirst = true;
  server.intercept = ({ path, query }) => {
    if (path !== podsPath || !query.has("continue") || !isFirst) return undefined;
    isFirst = false;
    server.remove("pods", "web-0", "shop");
    server.compact();
    return undefined;
  };
  cluster.follow();
  await cluster.until(() => cluster.has("listing", "pods", "aborted"));
  await cluster.clock.advance(1_000);
  await cluster.until(() => cluster.has("listing", "pods", "complete"));
  const start = cluster.said.findLastIndex(
    (change) => change.type === "listing" && change.scope === "pods" && change.state === "started",
  );
  expect(cluster.upserts(start)).toHaveLength(3);
});

test("asks for one page again with the same token after a 503 (T42)", async () => {
  await using cluster = new FollowedCluster({ pageSize: 2 });
  cluster.server.hasStreamingLists = false;
  for (let pod = 0; pod < 4; pod += 1) cluster.server.put("pods", `web-${pod}`, "shop");
  let failures = 2;
  cluster.server.intercept = ({ path, query }) =>
    path === podsPath && query.has("continue") && (failures -= 1) >= 0
      ? refusal(503, "ServiceUnavailable")
      : undefined;
  cluster.follow();
  for (let turn = 0; turn < 5; turn += 1) await cluster.clock.advance(2_000);
  await cluster.until(() => cluster.has("listing", "pods", "complete"));
  expect(cluster.has("listing", "pods", "aborted")).toBe(false);
  expect(cluster.upserts()).toHaveLength(4);
});

test("asks for new credentials once after a 401 (T39)", async () => {
  let token = 0;
  const seen: string[] = [];
  await using cluster = new FollowedCluster();
  const fetch = cluster.server.fetch;
  const access = {
    url: "http://127.0.0.1",
    credentials: async () => ({ headers: { authorization: `Bearer t${(token += 1)}` } }),
    fetch: async (...[url, init]: Parameters<typeof fetch>) => {
      seen.push(init.headers["authorization"] ?? "");
      return init.headers["authorization"] === "Bearer t1" ? refusal(401, "Unauthorized") : fetch(url, init);
    },
  };
  await using other = new FollowedCluster({ access });
  await other.listed();
  expect(new Set(seen)).toEqual(new Set(["Bearer t1", "Bearer t2"]));
});

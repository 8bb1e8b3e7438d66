import { expect, test } from "vitest";
import { FollowedCluster } from "./fixtures/followed-cluster.ts";

const services = { group: "", version: "v1", kind: "Service", plural: "services", namespaced: true } as const;
const events = { ...services, kind: "Event", plural: "events" } as const;

const warning = {
  type: "Warning",
  reason: "SyncFailed",
  message: "no address is left",
  involvedObject: { kind: "Service", apiVersion: "v1", namespace: "shop", name: "web" },
};

/** Returns the text of the document that the source reported last. */
const lastText = async ({ said }: FollowedCluster): Promise<string | undefined> => {
  const change = said.findLast(({ type }) => type === "upsert");
  return change?.type === "upsert" ? (await change.load())?.text : undefined;
};

/** Returns the options of a second source over the same server. */
const over = ({ server }: FollowedCluster) => ({
  access: { url: "http://127.0.0.1", fetch: server.fetch },
});

test("lists again after stricter redaction, so that no stored document keeps an old value (T44)", async () => {
  const configMaps = { ...services, kind: "ConfigMap", plural: "configmaps" } as const;
  const redaction = { configMapValues: { namespaces: ["shop"] } };
  await using cluster = new FollowedCluster({ redaction }, [configMaps]);
  cluster.server.put("configmaps", "web", "shop", { data: { greeting: "good morning" } });
  await cluster.listed();
  await cluster.until(() => cluster.checkpoints.has("configmaps"));
  await using stricter = new FollowedCluster(over(cluster));
  await stricter.listed(new Map(cluster.checkpoints));
  const [before, after] = [cluster, stricter].map(({ said }) => said.find(({ type }) => type === "upsert"));
  expect(after).toMatchObject({ documentId: "lab/uid-1", version: expect.any(String) });
  expect(after).not.toHaveProperty("version", before?.type === "upsert" ? before.version : "");
  expect(after?.type === "upsert" && (await after.load())?.text).not.toContain("good morning");
});

test("resumes only a cluster that is known to be the same (T44)", async () => {
  await using cluster = new FollowedCluster({}, [services]);
  cluster.server.put("services", "web", "shop");
  await cluster.listed();
  await cluster.until(() => cluster.checkpoints.has("services"));
  const resume = new Map(cluster.checkpoints);
  await using same = new FollowedCluster(over(cluster), [services]);
  same.follow(resume);
  await same.until(() => same.has("current", "services"));
  expect(same.has("listing", "services")).toBe(false);
  // The identity of this cluster may not be read.
  await using other = new FollowedCluster({}, [services]);
  other.server.clusterUid = undefined;
  await other.listed(resume);
  await other.until(() => other.checkpoints.has("services"));
  await using again = new FollowedCluster(over(other), [services]);
  await again.listed(new Map(other.checkpoints));
});
test("tells a warning that came while the source was down (T40)", async () => {
  await using cluster = new FollowedCluster({}, [services, events]);
  cluster.server.put("services", "web", "shop");
  await cluster.listed();
  await cluster.until(() => cluster.checkpoints.has("services"));
  const resume = new Map(cluster.checkpoints);
  cluster.server.put("events", "web.1", "shop", warning);
  await using again = new FollowedCluster(over(cluster));
  again.follow(resume);
  await again.until(() => again.upserts().length === 1);
  expect(again.has("listing", "services")).toBe(false);
  expect(await lastText(again)).toContain("no address is left");
});

test("takes back a warning that vanished while the source was down (T40)", async () => {
  await using cluster = new FollowedCluster({}, [services, events]);
  cluster.server.put("services", "web", "shop");
  await cluster.listed();
  await cluster.until(() => cluster.checkpoints.has("services"));
  cluster.server.put("events", "web.1", "shop", warning);
  await cluster.until(() => cluster.upserts().length === 2);
  expect(await lastText(cluster)).toContain("no address is left");
  const resume = new Map(cluster.checkpoints);
  cluster.server.remove("events", "web.1", "shop");
  await using again = new FollowedCluster(over(cluster));
  await again.listed(resume);
  expect(await lastText(again)).not.toContain("no address is left");
});

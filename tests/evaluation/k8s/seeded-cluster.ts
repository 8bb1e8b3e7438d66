import { setTimeout as wait } from "node:timers/promises";
import { createApiClient, type ApiClient } from "../../../examples/k8s-assistant/src/testing/api-client.ts";
import { startKubelab } from "../../servers/kubelab.ts";
import { overQuota, seedObjects } from "./seed-objects.ts";

/** A real control plane with fake nodes and a small company's objects. */
export interface SeededCluster {
  readonly api: ApiClient;
  readonly kubeconfig: string;
  close(): Promise<void>;
}

interface List {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly [field: string]: unknown;
  }[];
}

/** Starts the cluster, creates the objects, and waits until the controllers are done. */
export async function startSeededCluster(): Promise<SeededCluster> {
  const lab = await startKubelab({ own: true, with: ["kcm", "scheduler", "kwok"] });
  try {
    const api = await createApiClient(lab.kubeconfig);
    await api.apply({ items: seedObjects });
    await until("the quota of billing is used up", async () =>
      JSON.stringify(await quota(api)).includes('"used":{"pods":"3"}'),
    );
    await api.apply({ items: [overQuota] });
    await until("the pods that can run are ready", async () => (await notReady(api)) === 4);
    await until("five warnings exist", async () => (await warnings(api)) >= 5);
    await backOff(api);
    return { api, kubeconfig: lab.kubeconfig, close: () => lab.close() };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

const quota = (api: ApiClient): Promise<unknown> =>
  api.send("GET", "/api/v1/namespaces/billing/resourcequotas/billing-quota");

async function notReady(api: ApiClient): Promise<number> {
  const { items } = listOf(await api.send("GET", "/apis/apps/v1/deployments"));
  return items.filter(
    (item) =>
      JSON.stringify(item).includes('"type":"Available","status":"False"') ||
      !JSON.stringify(item).includes('"type":"Available"'),
  ).length;
}

/** The number of workloads that the scheduler, the quota or the volume controller refused. */
async function warnings(api: ApiClient): Promise<number> {
  const { items } = listOf(await api.send("GET", "/api/v1/events"));
  const refused = items.filter((item) =>
    /FailedScheduling|FailedCreate|FailedBinding/.test(String(item["reason"])),
  );
  return new Set(refused.map((item) => JSON.stringify(item["involvedObject"]))).size;
}

/** No kubelet runs here, so the warning of a container that fails is written as a kubelet writes it. */
async function backOff(api: ApiClient): Promise<void> {
  const { items } = listOf(await api.send("GET", "/api/v1/namespaces/shop/pods?labelSelector=app%3Dcart"));
  const pod = items[0]?.metadata;
  if (pod === undefined) throw new Error("the Deployment cart has no pods");
  const at = new Date().toISOString().replace(/\.\d+/, "");
  await api.send("POST", "/api/v1/namespaces/shop/events", {
    metadata: { name: "cart-backoff", namespace: "shop" },
    involvedObject: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: pod.name, uid: pod.uid },
    type: "Warning",
    reason: "BackOff",
    message: "Back-off restarting failed container cart, token=correct-horse-battery was refused",
    firstTimestamp: at,
    lastTimestamp: at,
    count: 4,
  });
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 90_000; Date.now() < end; await wait(500)) if (await isSo()) return;
  throw new Error(`the seeded cluster does not settle: not after 90 s ${what}`);
}

function listOf(value: unknown): List {
  if (isList(value)) return value;
  throw new Error("the API server returned no list");
}

function isList(value: unknown): value is List {
  return typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items);
}

import { RealCluster } from "../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";

/** Creates pods with the fields of a usual Deployment's pod, so that each takes about 4 KB of JSON. */
export async function createPods(cluster: RealCluster, namespace: string, count: number): Promise<void> {
  await inParallel(count, async (index) => {
    await cluster.create("pods", namespace, podOf(index));
  });
}

/** Creates ConfigMaps. */
export async function createConfigMaps(
  cluster: RealCluster,
  namespace: string,
  count: number,
): Promise<void> {
  await inParallel(count, async (index) => {
    await cluster.configMap(namespace, `config-${index}`, { app: "web", shard: String(index % 10) });
  });
}

/** Runs a call for each index, 16 at a time. */
export async function inParallel(count: number, call: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await call(index);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function podOf(index: number): object {
  const env = Array.from({ length: 8 }, (_, i) => ({ name: `SETTING_${i}`, value: `value ${index} ${i}` }));
  const container = (name: string): object => ({
    name,
    image: `registry.example.com/shop/${name}:1.${index % 20}.0`,
    args: ["serve", "--port=8080", "--log-level=info"],
    env,
    ports: [{ name: "http", containerPort: 8080 }],
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 10 },
    volumeMounts: [{ name: "config", mountPath: "/etc/config" }],
  });
  return {
    metadata: {
      name: `web-${index}`,
      labels: { app: "web", tier: "front", version: `v${index % 7}` },
      annotations: { "shop.example.com/owner": "team-web", "shop.example.com/note": `pod number ${index}` },
    },
    spec: {
      containers: [container("web"), container("proxy")],
      volumes: [{ name: "config", configMap: { name: `config-${index % 50}` } }],
      nodeSelector: { pool: "general" },
    },
  };
}

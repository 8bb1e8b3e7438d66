import { RealCluster } from "../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";

/** Creates pods with the fields of a usual Deployment's pod, so that each takes about 4 KB of JSON. */
export async function createPods(cluster: RealCluster, namespace: string, count: number): Promise<void> {
  await inParallel(count, async (index) => {
    await cluster.create("pods", namespace, podOf(index));
  });
}

/** ConfigMaps that the rows about changes change. */
export const markedConfigMaps = 200;

/** Creates objects of five kinds: for each ten, four ConfigMaps, two Services, two Deployments, a ServiceAccount and an
 * Ingress. */
export async function createMixed(cluster: RealCluster, namespace: string, count: number): Promise<void> {
  await inParallel(count, async (index) => {
    const [path, object] = mixedObject(index, namespace);
    await cluster.client.json({ method: "POST", path, json: object });
  });
}

function mixedObject(index: number, namespace: string): readonly [string, object] {
  const labels = { app: `app-${index % 100}`, team: `team-${index % 12}` };
  const [core, turn] = [`/api/v1/namespaces/${namespace}`, index % 10];
  const named = (kind: string, fields: object): object => ({
    metadata: { name: `${kind}-${index}`, labels },
    ...fields,
  });
  if (turn < 4) {
    const data = Object.fromEntries(
      Array.from({ length: 6 }, (_, key) => [`setting.${key}`, `value ${index}`]),
    );
    // The marked ones have names without gaps.
    return [
      `${core}/configmaps`,
      { metadata: { name: `config-${Math.floor(index / 10) * 4 + turn}`, labels }, data },
    ];
  }
  if (turn < 6) {
    const ports = [{ name: "http", port: 80, targetPort: 8080 }];
    return [`${core}/services`, named("service", { spec: { clusterIP: "None", selector: labels, ports } })];
  }
  if (turn < 8) {
    const { spec } = podOf(index);
    const template = { metadata: { labels }, spec };
    const deployment = { spec: { replicas: 3, selector: { matchLabels: labels }, template } };
    return [`/apis/apps/v1/namespaces/${namespace}/deployments`, named("deployment", deployment)];
  }
  if (turn === 8) return [`${core}/serviceaccounts`, named("account", {})];
  const backend = { service: { name: `service-${index - 5}`, port: { name: "http" } } };
  const paths = [{ path: "/", pathType: "Prefix", backend }];
  const spec = { rules: [{ host: `app-${index}.example.com`, http: { paths } }] };
  return [`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, named("ingress", { spec })];
}

/** Runs a call for each index, 16 at a time. */
export async function inParallel(count: number, call: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await call(index);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function podOf(index: number): { readonly metadata: object; readonly spec: object } {
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

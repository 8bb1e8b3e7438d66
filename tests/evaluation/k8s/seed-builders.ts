/** An object to create. */
export interface SeedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

/** A workload of one container. */
export interface Workload {
  readonly name: string;
  /** Value of the label by which its pods are selected. @default the name */
  readonly app?: string;
  readonly image: string;
  readonly replicas?: number;
  readonly labels?: Record<string, string>;
  readonly pod?: object;
  readonly container?: object;
}

/** Returns a Deployment. */
export function deployment(
  namespace: string,
  { name, app = name, image, replicas = 1, labels = {}, pod, container }: Workload,
): SeedObject {
  const own = { app };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { ...own, ...labels } },
    spec: {
      replicas,
      selector: { matchLabels: own },
      template: {
        metadata: { labels: { ...own, ...labels } },
        spec: { containers: [{ name, image, ...container }], ...pod },
      },
    },
  };
}

/** Returns a Service for the workload of that name. */
export function service(namespace: string, name: string, port: number): SeedObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: { app: name } },
    spec: { selector: { app: name }, ports: [{ port, targetPort: port }] },
  };
}

/** Returns a ConfigMap. */
export function configMap(namespace: string, name: string, data: Record<string, string>): SeedObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

/** Returns a CronJob that is suspended. */
export function cronJob(namespace: string, name: string, schedule: string, container: object): SeedObject {
  const spec = { restartPolicy: "Never", containers: [{ name: "main", ...container }] };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace },
    spec: { schedule, suspend: true, jobTemplate: { spec: { template: { spec } } } },
  };
}

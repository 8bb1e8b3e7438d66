import { configMap, cronJob, deployment, type SeedObject } from "./seed-builders.ts";

const selector = (app: string): object => ({ matchLabels: { app } });

/** A namespace whose related objects have different names, as in clusters that several teams write to. */
export const logistics: readonly SeedObject[] = [
  configMap("logistics", "carrier-rates", { "rates.csv": "post,4.90" }),
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "courier", namespace: "logistics" } },
  named("parcel-tracker", "tracker", {
    image: "registry.example/logistics/tracker:5.2",
    container: { envFrom: [{ configMapRef: { name: "carrier-rates" } }] },
    pod: { serviceAccountName: "courier" },
  }),
  named("label-printer", "printing", {
    image: "registry.example/logistics/printer:1.3",
  }),
  routed("front-door", "tracker", 8080),
  routed("paper-tray", "printing", 631),
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "public-edge", namespace: "logistics" },
    spec: {
      rules: [
        {
          host: "track.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "front-door", port: { number: 8080 } } },
              },
            ],
          },
        },
      ],
    },
  },
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "rush-hour", namespace: "logistics" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "parcel-tracker" },
      minReplicas: 1,
      maxReplicas: 4,
    },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "keep-two", namespace: "logistics" },
    spec: { minAvailable: 1, selector: selector("tracker") },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "only-inside", namespace: "logistics" },
    spec: {
      podSelector: selector("printing"),
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: selector("tracker") }] }],
    },
  },
  cronJob("logistics", "morning-sync", "30 5 * * *", {
    image: "registry.example/logistics/sync:1.0",
    envFrom: [{ configMapRef: { name: "carrier-rates" } }],
  }),
];

/** Returns a Deployment whose pods carry a label of another name. */
function named(
  name: string,
  app: string,
  workload: Omit<Parameters<typeof deployment>[1], "name">,
): SeedObject {
  return deployment("logistics", { name, app, ...workload });
}

/** Returns a Service for the pods with a label. */
function routed(name: string, app: string, port: number): SeedObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "logistics" },
    spec: { selector: { app }, ports: [{ port, targetPort: port }] },
  };
}

import type { ApiClient } from "../../../examples/k8s-assistant/src/testing/api-client.ts";
import type { K8sQuestion } from "./k8s-questions.ts";
import { laterRedis } from "./seed-objects.ts";

/** A change of the cluster while questions are asked, and the question whose answer it changes. */
export interface K8sChange {
  readonly change: string;
  /** True: the answer comes from the cluster itself, so it must be right at once. */
  readonly isLive: boolean;
  readonly question: K8sQuestion;
  apply(api: ApiClient): Promise<unknown>;
}

const deployments = "/apis/apps/v1/namespaces";

/** The changes, in order. */
export const changes: readonly K8sChange[] = [
  {
    change: "cart is scaled to 5",
    isLive: true,
    apply: (api) => api.send("PATCH", `${deployments}/shop/deployments/cart`, { spec: { replicas: 5 } }),
    question: {
      class: "now",
      question: "How many replicas does deployment cart have right now?",
      objects: ["Deployment/shop/cart"],
      says: ["of 5"],
    },
  },
  {
    change: "a Redis appears",
    isLive: false,
    apply: (api) => api.send("POST", `${deployments}/shop/deployments`, laterRedis),
    question: {
      class: "list",
      question: "Which deployments use image redis?",
      objects: ["Deployment/shop/redis"],
      only: true,
    },
  },
  {
    change: "the image of web changes",
    isLive: false,
    apply: (api) =>
      api.send("PATCH", `${deployments}/shop/deployments/web`, {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "web",
                  image: "nginx:1.28",
                  volumeMounts: [{ name: "config", mountPath: "/etc/nginx" }],
                },
              ],
            },
          },
        },
      }),
    question: { class: "count", question: "How many deployments use image nginx:1.28?", count: 1 },
  },
  {
    change: "a ConfigMap is deleted",
    isLive: true,
    apply: (api) => api.send("DELETE", "/api/v1/namespaces/staging/configmaps/web-config"),
    question: {
      class: "now",
      question: "Does configmap web-config in staging exist right now?",
      says: ["not exist"],
    },
  },
  {
    change: "the deletion reaches the index",
    isLive: false,
    apply: () => Promise.resolve(),
    question: { class: "count", question: "How many configmaps are in staging?", count: 0 },
  },
  {
    change: "payments needs less",
    isLive: false,
    apply: (api) =>
      api.send("PATCH", `${deployments}/shop/deployments/payments`, {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "payments",
                  image: "registry.example/shop/payments:2.4",
                  resources: { requests: { cpu: "100m" } },
                  env: [
                    {
                      name: "DB_PASSWORD",
                      valueFrom: { secretKeyRef: { name: "payments-db", key: "password" } },
                    },
                  ],
                },
              ],
            },
          },
        },
      }),
    question: {
      class: "list",
      question: "Which deployments are not ready?",
      objects: ["Deployment/shop/search", "Deployment/shop/order-store", "Deployment/billing/reports"],
      only: true,
    },
  },
  {
    change: "a team label is added",
    isLive: false,
    apply: (api) =>
      api.send("PATCH", "/api/v1/namespaces/monitoring/services/grafana", {
        metadata: { labels: { team: "insight" } },
      }),
    question: {
      class: "list",
      question: "Which services are labelled team=insight?",
      objects: ["Service/monitoring/grafana"],
      only: true,
    },
  },
  {
    change: "the schedule of the report changes",
    isLive: false,
    apply: (api) =>
      api.send("PATCH", "/apis/batch/v1/namespaces/shop/cronjobs/nightly-report", {
        spec: { schedule: "45 3 * * *" },
      }),
    question: {
      class: "find",
      question: "When does the nightly report run?",
      objects: ["CronJob/shop/nightly-report"],
      says: ["45 3 * * *"],
    },
  },
];

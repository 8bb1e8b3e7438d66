/** One question about the seeded cluster, and what a right answer has. Objects are keys such as `Deployment/shop/web`. */
export interface K8sQuestion {
  readonly class: K8sClass;
  readonly question: string;
  /** The number that the answer counts. */
  readonly count?: number | undefined;
  /** Objects that the answer must name. */
  readonly objects?: readonly string[] | undefined;
  /** True: the answer names no other object. */
  readonly only?: boolean | undefined;
  /** Words that the answer must have. */
  readonly says?: readonly string[] | undefined;
  /** True: the cluster has no such thing, and the answer must say so. */
  readonly none?: boolean | undefined;
  /** True: an expected object shares no name with the question, so only a relation leads to it. */
  readonly isAcross?: boolean | undefined;
}

/** The six classes of questions. */
export const classes = ["count", "list", "find", "why", "depends", "now"] as const;

/** A class of questions. */
export type K8sClass = (typeof classes)[number];

const of =
  (kind: K8sClass) =>
  (question: string, expected: Omit<K8sQuestion, "class" | "question">): K8sQuestion => ({
    class: kind,
    question,
    ...expected,
  });
const [count, list, find, why, depends, now] = [
  of("count"),
  of("list"),
  of("find"),
  of("why"),
  of("depends"),
  of("now"),
];

/** A question whose answer has another name than the object in the question. */
const across = (question: string, objects: readonly string[]): K8sQuestion =>
  depends(question, { objects, isAcross: true });

/** Questions about the cluster as it was seeded. */
export const questions: readonly K8sQuestion[] = [
  count("How many deployments are in namespace shop?", { count: 5 }),
  count("How many services does billing have?", { count: 2 }),
  count("How many statefulsets are there?", { count: 1 }),
  count("How many deployments are not ready?", { count: 4 }),
  count("How many cronjobs are in the cluster?", { count: 3 }),
  count("How many deployments use image nginx?", { count: 2 }),
  count("How many configmaps are in monitoring?", { count: 2 }),
  count("How many deployments per namespace?", {
    count: 12,
    says: ["shop: 5", "logistics: 2", "monitoring: 2", "billing: 2", "staging: 1"],
  }),
  count("Count the deployments labeled team=checkout", { count: 3 }),
  count("How many nodes are ready?", { count: 2 }),
  count("What is the number of ingresses?", { count: 2 }),
  count("How many deployments are in namespace bank?", { count: 0, says: ["bank"] }),
  count("How many deployments use image redis?", { count: 0 }),

  list("Which deployments are not ready?", {
    objects: [
      "Deployment/shop/payments",
      "Deployment/shop/search",
      "Deployment/shop/order-store",
      "Deployment/billing/reports",
    ],
    only: true,
  }),
  list("Which deployments use image nginx?", {
    objects: ["Deployment/shop/web", "Deployment/staging/web"],
    only: true,
  }),
  list("List the services in monitoring", {
    objects: ["Service/monitoring/grafana", "Service/monitoring/prometheus"],
    only: true,
  }),
  list("Which statefulsets use postgres?", { objects: ["StatefulSet/billing/ledger-db"], only: true }),
  list("Show me all cronjobs", {
    objects: [
      "CronJob/shop/nightly-report",
      "CronJob/billing/monthly-invoices",
      "CronJob/logistics/morning-sync",
    ],
    only: true,
  }),
  list("Which deployments are labelled team=platform?", {
    objects: ["Deployment/monitoring/grafana", "Deployment/monitoring/prometheus"],
    only: true,
  }),
  list("Which persistent volume claims are pending?", {
    objects: ["PersistentVolumeClaim/shop/orders"],
    only: true,
  }),
  list("Which configmaps are in shop?", {
    objects: ["ConfigMap/shop/cart-config", "ConfigMap/shop/feature-flags", "ConfigMap/shop/web-config"],
    only: true,
  }),
  list("List daemonsets", { objects: ["DaemonSet/monitoring/node-exporter"], only: true }),
  list("Which network policies exist?", {
    objects: ["NetworkPolicy/shop/payments-from-cart", "NetworkPolicy/logistics/only-inside"],
    only: true,
  }),
  list("Which hpa are in namespace shop?", { objects: ["HorizontalPodAutoscaler/shop/web"], only: true }),
  list("Which deployments use image redis?", { none: true }),
  list("Which statefulsets are in staging?", { none: true }),

  find("What host name does the shop use?", { objects: ["Ingress/shop/shop"], says: ["shop.example.com"] }),
  find("Where are the invoices for customers made every month?", {
    objects: ["CronJob/billing/monthly-invoices"],
  }),
  find("What exports metrics of the nodes?", { objects: ["DaemonSet/monitoring/node-exporter"] }),
  find("Which object limits the number of pods in billing?", {
    objects: ["ResourceQuota/billing/billing-quota"],
  }),
  find("What protects the web pods from disruption?", { objects: ["PodDisruptionBudget/shop/web"] }),
  find("Is there a Postgres database?", { objects: ["StatefulSet/billing/ledger-db"] }),
  find("Where do we run MySQL?", { objects: ["Deployment/shop/order-store"] }),
  find("Who may talk to payments over the network?", { objects: ["NetworkPolicy/shop/payments-from-cart"] }),
  find("Where are grafana's dashboards kept?", { objects: ["ConfigMap/monitoring/dashboards"] }),
  find("When does the nightly report run?", {
    objects: ["CronJob/shop/nightly-report"],
    says: ["15 2 * * *"],
  }),
  find("Is there a Kafka broker?", { none: true }),
  find("Do we run Elasticsearch?", { none: true }),

  why("Why is deployment payments not ready?", {
    objects: ["Deployment/shop/payments"],
    says: ["Insufficient cpu"],
  }),
  why("Why is search pending?", { objects: ["Deployment/shop/search"], says: ["node affinity/selector"] }),
  why("Why has deployment reports no pods?", {
    objects: ["Deployment/billing/reports"],
    says: ["exceeded quota"],
  }),
  why("Why can order-store not start?", { objects: ["Deployment/shop/order-store"], says: ["unbound"] }),
  why("Why is pvc orders pending?", {
    objects: ["PersistentVolumeClaim/shop/orders"],
    says: ["no storage class"],
  }),
  why("What is wrong with cart?", { objects: ["Deployment/shop/cart"], says: ["BackOff"] }),
  why("Why does the cart deployment restart?", {
    objects: ["Deployment/shop/cart"],
    says: ["restarting failed container"],
  }),
  why("What causes the trouble in billing?", {
    objects: ["Deployment/billing/reports"],
    says: ["exceeded quota"],
  }),
  why("Why are pods of the shop unschedulable?", {
    objects: ["Deployment/shop/payments"],
    says: ["Insufficient cpu"],
  }),
  why("Why is the elasticsearch cluster red?", { none: true }),

  depends("What depends on configmap cart-config?", {
    objects: ["ConfigMap/shop/cart-config", "Deployment/shop/cart"],
  }),
  depends("What mounts pvc orders?", { objects: ["Deployment/shop/order-store"] }),
  depends("What routes to service cart?", { objects: ["Ingress/shop/shop"] }),
  depends("What does service payments select?", { objects: ["Deployment/shop/payments"] }),
  depends("What reads secret payments-db?", { objects: ["Deployment/shop/payments"] }),
  depends("What scales deployment web in shop?", { objects: ["HorizontalPodAutoscaler/shop/web"] }),
  depends("What does ingress shop need?", { objects: ["Service/shop/web", "Service/shop/cart"] }),
  depends("What uses configmap invoice-templates?", { objects: ["Deployment/billing/invoices"] }),
  depends("What depends on service account cart?", { objects: ["Deployment/shop/cart"] }),
  depends("Which objects select the web deployment in shop?", {
    objects: ["Service/shop/web", "PodDisruptionBudget/shop/web"],
  }),
  depends("What mounts configmap web-config in staging?", { objects: ["Deployment/staging/web"] }),
  depends("What breaks if secret smtp is deleted?", { objects: ["CronJob/billing/monthly-invoices"] }),
  depends("What would break if configmap carrier-rates is deleted?", {
    objects: ["Deployment/logistics/parcel-tracker", "CronJob/logistics/morning-sync"],
  }),
  across("Which services route to pods of deployment parcel-tracker?", ["Service/logistics/front-door"]),
  across("What protects the pods of deployment parcel-tracker from disruption?", [
    "PodDisruptionBudget/logistics/keep-two",
  ]),
  across("Which network policies apply to the pods of deployment label-printer?", [
    "NetworkPolicy/logistics/only-inside",
  ]),
  across("Which workload answers requests for track.example.com?", ["Service/logistics/front-door"]),
  across("Which pods does service paper-tray send requests to?", ["Deployment/logistics/label-printer"]),
  across("Which service breaks if deployment label-printer has no pods?", ["Service/logistics/paper-tray"]),
  across("What may the pods of deployment parcel-tracker do in the cluster?", [
    "ServiceAccount/logistics/courier",
  ]),
  across("What would lose its scaling if deployment parcel-tracker were renamed?", [
    "HorizontalPodAutoscaler/logistics/rush-hour",
  ]),

  now("How many replicas has deployment web in shop right now?", {
    objects: ["Deployment/shop/web"],
    says: ["3 of 3"],
  }),
  now("Is statefulset ledger-db ready right now?", {
    objects: ["StatefulSet/billing/ledger-db"],
    says: ["1 of 1"],
  }),
  now("What is the state of pvc orders right now?", {
    objects: ["PersistentVolumeClaim/shop/orders"],
    says: ["pending"],
  }),
  now("Which image does deployment grafana run right now?", {
    objects: ["Deployment/monitoring/grafana"],
    says: ["grafana/grafana:11.1.0"],
  }),
  now("What is in secret payments-db right now?", { none: true }),
];

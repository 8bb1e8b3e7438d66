import type { MetadataFields } from "@binnacle/core";

/** The metadata of an object's document. Filters and relations read it. */
export type KubernetesMetadata = {
  readonly cluster: string;
  /** Missing for an object of the whole cluster. */
  readonly namespace?: string | undefined;
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  /** The type as RBAC writes it, such as `deployments.apps`. */
  readonly resource: string;
  readonly name: string;
  readonly uid: string;
  /** See `objectKey`. */
  readonly key: string;
  /** Labels as `key=value`. */
  readonly labels: readonly string[];
  readonly createdAt?: string | undefined;
  /** One word for the state, such as `Ready`, `NotReady`, `Running` or `Bound`. */
  readonly state?: string | undefined;
  /** Images of the containers. */
  readonly images: readonly string[];
  /** Nodes that run the object's pods. */
  readonly nodes: readonly string[];
  /** Keys of the objects that this object names. */
  readonly refs: readonly string[];
  /** Relations to those objects, each as `mounts ConfigMap/shop/web`. */
  readonly relations: readonly string[];
  /** Labels of the pods of the object, as `key=value`. */
  readonly podLabels: readonly string[];
  /** Labels by which the object selects pods, as `key=value`. */
  readonly selects: readonly string[];
  /** The whole selector as JSON. Missing if the object selects no pods. */
  readonly selector?: string | undefined;
  /** Reasons of the warnings about the object. */
  readonly warnings: readonly string[];
  /** SHA-256 of the uid and the content, in hexadecimal. */
  readonly contentId: string;
};

/** The fields of {@link KubernetesMetadata} that filters may name. Pass them to `defineIndex`. */
export const kubernetesFields: MetadataFields<KubernetesMetadata> = {
  cluster: "keyword",
  namespace: "keyword",
  kind: "keyword",
  group: "keyword",
  resource: "keyword",
  name: "keyword",
  uid: "keyword",
  key: "keyword",
  labels: "keyword",
  createdAt: "datetime",
  state: "keyword",
  images: "keyword",
  nodes: "keyword",
  refs: "keyword",
  podLabels: "keyword",
  selects: "keyword",
  warnings: "keyword",
};

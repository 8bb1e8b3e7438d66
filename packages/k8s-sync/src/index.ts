/**
 * A live Kubernetes cluster as a source of documents.
 *
 * @example
 * {@includeCode ../../../docs/examples/k8s-sync.ts}
 * @module k8s-sync
 */
export { type ClusterAccess, type ClusterCredentials } from "./cluster/cluster-access.ts";
export { createKubernetesSource, type KubernetesSource } from "./source/create-kubernetes-source.ts";
export { type KubernetesSourceOptions, type NameSelection } from "./source/kubernetes-source-options.ts";
export { type ScopeStatus } from "./source/scope-state.ts";
export { type KubernetesSourceEvent } from "./source/source-event.ts";

/**
 * Access to a cluster from a kubeconfig or from inside a pod. Needs `@kubernetes/client-node`.
 *
 * @example
 * {@includeCode ../../../../docs/examples/k8s-sync-kubeconfig.ts}
 * @module k8s-sync/kubeconfig
 */
export { kubeconfigAccess, type KubeconfigOptions } from "./kubeconfig-access.ts";

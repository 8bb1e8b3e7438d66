/**
 * A live Kubernetes cluster as a source of documents; nothing of it is here yet.
 *
 * @module k8s-sync
 */
export {};

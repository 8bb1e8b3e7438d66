/**
 * A live Kubernetes cluster as a source of documents: objects are redacted, related and told in sentences.
 *
 * @example
 * {@includeCode ../../../docs/examples/k8s-sync.ts}
 * @module k8s-sync
 */
export { roleManifests, type RoleOptions } from "./access/role-manifests.ts";
export { type ClusterAccess, type ClusterCredentials } from "./cluster/cluster-access.ts";
export {
  createLeaderElection,
  type LeaderElection,
  type LeaderElectionOptions,
} from "./election/create-leader-election.ts";
export { createKubernetesSource, type KubernetesSource } from "./source/create-kubernetes-source.ts";
export { type KubernetesSourceOptions, type NameSelection } from "./source/kubernetes-source-options.ts";
export { type ScopeDrift } from "./source/scope-drift.ts";
export { type ScopeStatus } from "./source/scope-state.ts";
export { type KubernetesSourceEvent } from "./source/source-event.ts";
export { type JsonObject } from "./objects/json-at.ts";
export { type KubernetesObject } from "./objects/kubernetes-object.ts";
export { kubernetesFields, type KubernetesMetadata } from "./objects/kubernetes-metadata.ts";
export { type CustomDefinition, type PrinterColumn, type ResourceType } from "./objects/resource-type.ts";
export { type ObjectName } from "./objects/object-key.ts";
export { type DiscoveredTypes, type UnavailableGroup } from "./discovery/discovered-types.ts";
export {
  type ClusterIdentity,
  type ClusterReader,
  type InventoryObject,
  type LiveObject,
} from "./reader/cluster-reader.ts";
export { createClusterReader } from "./reader/create-cluster-reader.ts";
export { type ClusterDifference, type IndexedObject } from "./verify/compare-inventory.ts";
export {
  verifyCluster,
  type ClusterVerification,
  type UncheckedScope,
  type VerifyClusterOptions,
  type VerifyProgress,
} from "./verify/verify-cluster.ts";
export { type ConfigMapSelection, type RedactionOptions } from "./redaction/redaction-options.ts";
export {
  createClusterHistory,
  type ClusterHistory,
  type ClusterHistoryOptions,
} from "./history/create-cluster-history.ts";
export { type HistoryEntry } from "./history/history-entry.ts";
export { historyFields, type HistoryMetadata } from "./history/history-metadata.ts";
export { readHistory, type HistorySelection, type ObjectChange } from "./history/read-history.ts";
export {
  historySourceOf,
  verifyHistory,
  type HistoryVerification,
  type VerifyHistoryOptions,
} from "./history/verify-history.ts";
export { describeObject, type DescribeOptions } from "./rendering/describe-object.ts";
export { type ObjectDescription } from "./rendering/render-object.ts";
export { kubernetesRelations } from "./relations/kubernetes-relations.ts";
export { toYaml } from "./rendering/to-yaml.ts";
export { type DescriberOptions } from "./rendering/create-object-describer.ts";
export { type VolatileField } from "./rendering/create-volatile-fields.ts";
export { type EventFact, type PodFact } from "./folding/folded-fact.ts";
export { type FoldedFacts } from "./folding/create-fold-book.ts";

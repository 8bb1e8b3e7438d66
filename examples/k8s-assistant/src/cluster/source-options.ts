import { ConfigurationError } from "@binnacle/core";
import type { KubernetesSourceOptions } from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import type { CommonOptions } from "../cli/common-options.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import { requireKubeconfig } from "./kubeconfig-context.ts";

/** The part of a cluster that is read. */
export interface SelectionOptions {
  readonly namespace?: readonly string[] | undefined;
  readonly kind?: readonly string[] | undefined;
}

/** Returns the options of the source. Without a selection on the command line the recorded one applies. */
export function sourceOptions(
  cluster: string,
  options: CommonOptions & SelectionOptions,
  record: Pick<ClusterRecord, "namespaces" | "kinds" | "volatileFields"> | undefined,
): KubernetesSourceOptions {
  requireKubeconfig(options);
  const { namespaces, kinds } = selectionOf(options, record);
  return {
    cluster,
    volatileFields: record?.volatileFields,
    access: kubeconfigAccess({ path: options.kubeconfig, context: options.context }),
    ...(namespaces === undefined ? {} : { namespaces: { include: namespaces } }),
    ...(kinds === undefined ? {} : { kinds: { include: kinds } }),
  };
}

/** Returns the selection of the command line, or the recorded one. */
export function selectionOf(
  { namespace, kind }: SelectionOptions,
  record: Pick<ClusterRecord, "namespaces" | "kinds"> | undefined,
): { readonly namespaces: string[] | undefined; readonly kinds: string[] | undefined } {
  return {
    namespaces: namespace === undefined ? record?.namespaces : [...namespace],
    kinds: kind === undefined ? record?.kinds : [...kind],
  };
}

/** Throws if the record was made from another cluster, so that its index stays as it is. */
export function requireSameCluster(record: ClusterRecord | undefined, uid: string): void {
  if (record === undefined || record.uid === "" || uid === "" || record.uid === uid) return;
  throw new ConfigurationError(
    `The index of "${record.cluster}" was made from another cluster (kube-system has uid ${record.uid} there and ${uid} here). Use another --cluster name or --data directory, or check --context.`,
    { code: "other_cluster" },
  );
}

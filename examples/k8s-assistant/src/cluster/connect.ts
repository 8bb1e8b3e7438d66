import {
  createClusterReader,
  type ClusterIdentity,
  type ClusterReader,
  type KubernetesSourceOptions,
} from "@binnacle/k8s-sync";
import type { CommonOptions } from "../cli/common-options.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import { requireSameCluster, sourceOptions, type SelectionOptions } from "./source-options.ts";

/** A cluster that answers, with checked credentials, version and selection. */
export interface Connection {
  readonly reader: ClusterReader;
  readonly identity: ClusterIdentity;
  readonly options: KubernetesSourceOptions;
}

/** Connects to the cluster and runs `body`. Everything that can be wrong with the connection or the selection
 * is found before `body` touches the index. */
export async function withCluster<T>(
  cluster: string,
  given: CommonOptions & SelectionOptions,
  record: ClusterRecord | undefined,
  body: (connection: Connection) => Promise<T>,
): Promise<T> {
  const options = sourceOptions(cluster, given, record);
  const reader = createClusterReader(options);
  try {
    const call = { signal: given.signal };
    const identity = await reader.identity(call);
    requireSameCluster(record, identity.uid);
    await reader.scopes(call);
    return await body({ reader, identity, options });
  } finally {
    await reader.close();
  }
}

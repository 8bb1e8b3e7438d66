import { createClusterReader, type ClusterReader } from "@binnacle/k8s-sync";
import type { CommonOptions } from "../cli/common-options.ts";
import type { OpenIndex } from "./open-index.ts";
import { requireSameCluster, sourceOptions } from "./source-options.ts";

/** A connection to the cluster that is opened by the first question that needs it. */
export interface LazyReader {
  readonly connect: () => Promise<ClusterReader>;
  close(): Promise<void>;
}

/** Creates a connection with the rights of the kubeconfig. It refuses a cluster that is not the index's. */
export function lazyReader({ cluster, record }: OpenIndex, options: CommonOptions): LazyReader {
  let reader: ClusterReader | undefined;
  let ready: Promise<ClusterReader> | undefined;
  const open = async (): Promise<ClusterReader> => {
    reader ??= createClusterReader(sourceOptions(cluster, options, record));
    const { uid } = await reader.identity({ signal: options.signal });
    requireSameCluster(record, uid);
    return reader;
  };
  return {
    connect: async () => {
      try {
        return await (ready ??= open());
      } catch (error) {
        ready = undefined; // the next question tries again
        throw error;
      }
    },
    close: async () => await reader?.close(),
  };
}

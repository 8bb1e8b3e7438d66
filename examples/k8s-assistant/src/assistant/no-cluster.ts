import { BinnacleError } from "@binnacle/core";

/** Returns the error for a question that needs the cluster, if none is connected. */
export function noCluster(): BinnacleError {
  return new BinnacleError(
    "no_cluster",
    "This question needs the cluster itself, but no kubeconfig was given.",
  );
}

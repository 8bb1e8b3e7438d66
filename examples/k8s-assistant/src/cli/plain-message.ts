import { BinnacleError } from "@binnacle/core";

/** Advice for failures whose message cannot know this program. */
const advice: Readonly<Record<string, string>> = {
  http_401: "The API server does not accept the credentials. The token may have expired: log in again.",
  http_403: "These credentials may not do that. `k8s-sync rbac` prints the role that is needed.",
  tls_failed:
    "Check `certificate-authority` in the kubeconfig: it must have signed the server's certificate.",
  unreachable: "Check `server` in the kubeconfig, and that the API server runs.",
  lease_held: "Another k8s-sync writes this index. Stop it, or wait.",
};

/** Rewrites an error for this program's user, who knows no classes of the libraries and sets no options. */
export function plainMessage(error: BinnacleError): string {
  const message = error.message
    .replace(/^(createKubernetesSource|createClusterReader|kubeconfigAccess|KubernetesSource: [^:]+): /, "")
    .replace("`namespaces.include` names", "--namespace names")
    .replace("`kinds` names", "--kind names")
    .replace("Use another `cluster` name", "Use another --cluster name or --data directory")
    .replace(/`indexer\.removeSource\("([^"]+)"\)`/, "`k8s-sync remove --cluster $1`")
    .replace("or give `context`", "or give --context");
  const more = advice[error.code];
  return more === undefined ? message : `${message} ${more}`;
}

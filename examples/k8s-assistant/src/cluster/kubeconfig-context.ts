import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "@binnacle/core";
import type { CommonOptions } from "../cli/common-options.ts";

const serviceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** Throws if there is no kubeconfig and no service account, because the client would try localhost:8080. */
export function requireKubeconfig({ kubeconfig }: Pick<CommonOptions, "kubeconfig">): void {
  const found =
    kubeconfig === undefined
      ? Boolean(process.env["KUBECONFIG"]) ||
        existsSync(join(homedir(), ".kube/config")) ||
        existsSync(serviceAccountToken)
      : existsSync(kubeconfig);
  if (found) return;
  const place = kubeconfig === undefined ? "There is no kubeconfig" : `There is no file ${kubeconfig}`;
  throw new ConfigurationError(
    `${place}. Name one with --kubeconfig or KUBECONFIG, or run inside a pod with a service account.`,
    { code: "no_kubeconfig" },
  );
}

/** Returns a name for the cluster: the context's, with other characters replaced. */
export async function contextName({ kubeconfig, context }: CommonOptions): Promise<string> {
  if (context !== undefined) return plainName(context);
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch {
    return "cluster"; // the connection reports the mistake in the kubeconfig
  }
  return plainName(config.getCurrentContext());
}

function plainName(name: string): string {
  return name.replace(/[^\w.-]+/g, "-") || "cluster";
}

import { createHttpClient } from "@binnacle/core/kit";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";

/** Writes objects to one API server. */
export interface Cluster {
  /** Creates an object. */
  create(path: string, object: unknown): Promise<void>;
  /** Replaces the status of an object. */
  putStatus(path: string, object: unknown): Promise<void>;
  /** Returns the JSON at a path. */
  read(path: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens the API server that a kubeconfig names. */
export async function openCluster(kubeconfig: string): Promise<Cluster> {
  const { url, credentials } = await kubeconfigAccess({ path: kubeconfig })();
  const { headers, tls } = (await credentials?.()) ?? {};
  const client = createHttpClient({ baseUrl: url, headers, tls });
  const send = async (method: "POST" | "PUT", path: string, json: unknown): Promise<void> => {
    await client.json({ method, path, json }, (value) => value);
  };
  return {
    create: (path, object) => send("POST", path, object),
    putStatus: (path, object) => send("PUT", `${path}/status`, object),
    read: (path) => client.json({ path }, (value) => value),
    close: () => client.close(),
  };
}

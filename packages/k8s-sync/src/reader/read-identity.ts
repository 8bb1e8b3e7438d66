import { BinnacleError, RequestError, type CallOptions } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { readClusterUid } from "../source/cluster-catalog.ts";
import type { ClusterIdentity } from "./cluster-reader.ts";

// Older servers lack the stable forms of Ingress, CronJob and other types that the sentences describe.
const oldestMinor = 20;

/** Reads the uid and the version of a cluster. Throws if the server is too old. */
export async function readIdentity(client: ClusterClient, options: CallOptions): Promise<ClusterIdentity> {
  const [uid, serverVersion] = await Promise.all([
    readClusterUid(client, options),
    readVersion(client, options),
  ]);
  const match = /^v?1\.(\d+)/.exec(serverVersion);
  if (match !== null && Number(match[1]) < oldestMinor)
    throw new BinnacleError(
      "server_too_old",
      `The API server has version ${serverVersion}, but 1.${oldestMinor} or later is needed. Upgrade the cluster.`,
    );
  return { uid, serverVersion };
}

async function readVersion(client: ClusterClient, options: CallOptions): Promise<string> {
  try {
    const value = await client.json({ path: "/version" }, options);
    const version = isPlainObject(value) ? value["gitVersion"] : undefined;
    return typeof version === "string" ? version : "";
  } catch (error) {
    // Some clusters hide their version from accounts without rights.
    if (RequestError.isInstance(error) && (error.status === 403 || error.status === 404)) return "";
    throw error;
  }
}

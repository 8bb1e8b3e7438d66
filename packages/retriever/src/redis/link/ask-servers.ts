import type { Cluster, Redis } from "ioredis";
import { explainFailure, type FailureContext } from "./redis-failure.ts";
import { isCluster, serversOf } from "./redis-commands.ts";
import { readServerSettings, settingsWarnings, type SettingsWarning } from "./server-settings.ts";

/** The state of one server as it reports it. */
export interface ServerAnswer {
  /** A description for people. */
  readonly detail: string;
  readonly warnings: readonly SettingsWarning[];
  /** True if the server can serve as a cache: it answers, owns its keys and accepts writes. */
  readonly isUsable: boolean;
  readonly isAnswering: boolean;
}

/** The states of all servers. */
export interface ServerAnswers {
  readonly servers: readonly ServerAnswer[];
  /** The failure of a cluster as a whole. Undefined for a working cluster and for a single server. */
  readonly clusterIssue: string | undefined;
}

/** Asks each server for its settings. A failure of one server is part of the answer. */
export async function askServers(client: Redis | Cluster, context: FailureContext): Promise<ServerAnswers> {
  const servers = serversOf(client);
  const asked = Promise.all(servers.map((server) => askServer(server, isCluster(client), context)));
  const [answers, clusterIssue] = await Promise.all([
    asked,
    isCluster(client) ? issueOf(client, context) : undefined,
  ]);
  return { servers: answers, clusterIssue };
}

async function askServer(
  server: Redis,
  isOfCluster: boolean,
  context: FailureContext,
): Promise<ServerAnswer> {
  const { host, port } = server.options;
  const address = isOfCluster ? `${host}:${port}` : context.address;
  try {
    const settings = readServerSettings(await server.info());
    const warnings = settingsWarnings(settings, { address, isCluster: isOfCluster });
    return {
      detail: [`Redis ${settings.version} at ${address}`, ...warnings.map(({ message }) => message)].join(
        "; ",
      ),
      warnings,
      isUsable: !warnings.some(({ code }) => code === "read_only" || code === "cluster_node"),
      isAnswering: true,
    };
  } catch (error) {
    const explained = explainFailure(error, { ...context, address });
    if (explained.code !== "forbidden") {
      return { detail: explained.message, warnings: [], isUsable: false, isAnswering: false };
    }
    const message = `${address}: INFO is forbidden, so the eviction policy is unknown. Allow it, or set maxmemory-policy to allkeys-lru`;
    return {
      detail: message,
      warnings: [{ code: "settings_unknown", message }],
      isUsable: true,
      isAnswering: true,
    };
  }
}

async function issueOf(client: Cluster, context: FailureContext): Promise<string | undefined> {
  try {
    const state = /cluster_state:(\w+)/.exec(await client.cluster("INFO"))?.[1] ?? "unknown";
    return state === "ok" ? undefined : `the cluster's state is "${state}": some keys have no master`;
  } catch (error) {
    const explained = explainFailure(error, context);
    return explained.code === "forbidden" ? undefined : explained.message;
  }
}

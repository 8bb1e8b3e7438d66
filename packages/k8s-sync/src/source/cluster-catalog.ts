import { BinnacleError, ConfigurationError, RequestError, type CallOptions } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { resourcePath } from "../cluster/resource-path.ts";
import { discoverTypes } from "../discovery/discover-types.ts";
import type { UnavailableGroup } from "../discovery/discovered-types.ts";
import { readDefinitions } from "../discovery/read-definitions.ts";
import { checkTypeNames, selectTypes } from "../discovery/select-types.ts";
import { resourceTypeName } from "../objects/resource-type.ts";
import { clusterOfCheckpoint } from "./checkpoint.ts";
import type { KubernetesSourceSettings } from "./kubernetes-source-options.ts";
import { scopesOf, type ClusterScope } from "./scopes.ts";

/** The scopes of a cluster at one moment. */
export interface ClusterCatalog {
  readonly scopes: readonly ClusterScope[];
  /** Names of all served types, selected or not. */
  readonly served: ReadonlySet<string>;
  /** Groups that do not answer. A scope of such a group must not count as gone. */
  readonly unavailable: readonly UnavailableGroup[];
  /** Names of the namespaces in `namespaces.include` that do not exist. */
  readonly missingNamespaces: ReadonlySet<string>;
}

const namespaces = { group: "", version: "v1", plural: "namespaces" };

/** Reads the types of the cluster and returns the scopes that the settings select. */
export async function readCatalog(
  client: ClusterClient,
  settings: KubernetesSourceSettings,
  options: CallOptions,
): Promise<ClusterCatalog> {
  const [{ types, unavailable }, missing] = await Promise.all([
    discoverTypes(client, options),
    missingNamespaces(client, settings, options),
  ]);
  const { kinds, clusterScoped } = settings;
  if (unavailable.length === 0) checkTypeNames(types, kinds.include ?? []);
  const selected = await readDefinitions(client, selectTypes(types, { ...kinds, clusterScoped }), options);
  const served = new Set(types.map(resourceTypeName));
  return { scopes: scopesOf(selected, settings), served, unavailable, missingNamespaces: missing };
}

/** Throws if a namespace does not exist and nothing of it was ever indexed, because its name is then probably
 * misspelt. */
export function checkNamespaces(
  { missingNamespaces: missing }: ClusterCatalog,
  resume: Iterable<string>,
): void {
  const known = new Set([...resume].map((scope) => scope.slice(scope.indexOf("/") + 1)));
  const unknown = [...missing].filter((namespace) => !known.has(namespace));
  if (unknown.length === 0) return;
  throw new ConfigurationError(
    `createKubernetesSource: \`namespaces.include\` names ${unknown.map((name) => `"${name}"`).join(", ")}, which the cluster does not have. Create the namespace, or correct the name.`,
    { code: "unknown_namespace" },
  );
}

/** Returns the identity of the cluster, or an empty text if it may not be read. */
export async function readClusterUid(client: ClusterClient, options: CallOptions): Promise<string> {
  try {
    const object = await client.json({ path: resourcePath(namespaces, undefined, "kube-system") }, options);
    const metadata = isPlainObject(object) ? object["metadata"] : undefined;
    const uid = isPlainObject(metadata) ? metadata["uid"] : undefined;
    return typeof uid === "string" ? uid : "";
  } catch (error) {
    if (isAnswer(error)) return "";
    throw error;
  }
}

/** Throws if the checkpoints were written for another cluster. The index then holds that cluster's
 * documents. */
export function checkCluster(cluster: string, uid: string, resume: ReadonlyMap<string, string>): void {
  for (const text of resume.values()) {
    const written = clusterOfCheckpoint(text);
    if (written === undefined || uid === "" || written === uid) continue;
    throw new ConfigurationError(
      `createKubernetesSource: the index of "${cluster}" was made from another cluster (kube-system has uid ${written} there and ${uid} here). Use another \`cluster\` name, or remove the old documents with \`indexer.removeSource("${cluster}")\`.`,
      { code: "other_cluster" },
    );
  }
}

async function missingNamespaces(
  client: ClusterClient,
  settings: KubernetesSourceSettings,
  options: CallOptions,
): Promise<ReadonlySet<string>> {
  const asked = (settings.namespaces.include ?? []).map(async (name) => {
    try {
      await client.json({ path: resourcePath(namespaces, undefined, name) }, options);
      return [];
    } catch (error) {
      // Credentials that may list in a namespace often may not read the namespace itself.
      if (isAnswer(error)) return RequestError.isInstance(error) && error.status === 404 ? [name] : [];
      throw error;
    }
  });
  return new Set((await Promise.all(asked)).flat());
}

function isAnswer(error: unknown): error is BinnacleError {
  return RequestError.isInstance(error) && (error.status === 403 || error.status === 404);
}

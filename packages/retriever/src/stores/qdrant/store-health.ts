import { BinnacleError, RequestError, type CallOptions, type Health } from "@binnacle/core";
import { readCollectionCluster } from "./collections/collection-cluster.ts";
import { readServerCluster, type QdrantCluster } from "./collections/server-cluster.ts";
import type { OpenCollections } from "./collections/open-collections.ts";
import { z } from "zod";
import { ServerVersion } from "./server-version.ts";
import type { QdrantApi } from "./wire/qdrant-api.ts";

/** Most collections per check. */
const MAX_PARTS = 16;

/** Checks the server's version and the state of the collections that were used last. */
export async function storeHealth(
  api: QdrantApi,
  collections: OpenCollections,
  options: CallOptions | undefined,
): Promise<Health> {
  const version = new ServerVersion(api);
  const startedAt = performance.now();
  const health = (status: Health["status"], detail: string): Health => ({
    status,
    detail,
    latencyMs: performance.now() - startedAt,
  });
  try {
    const known = await version.check(options);
    // The server tells its version without a key, so this request does not check the key.
    await api.result({ path: "/collections" }, z.object({ collections: z.array(z.unknown()) }), options);
    const names = collections.names.slice(-MAX_PARTS);
    const cluster = await clusterOf(api, options);
    const check = cluster?.isEnabled === true ? withShards(api, collectionHealth) : collectionHealth;
    const parts = await Promise.all(
      names.map(async (name) => [name, await check(name, collections, options)] as const),
    );
    const issues = cluster?.issues ?? [];
    const isFine = issues.length === 0 && parts.every(([, { status }]) => status === "ok");
    const servers = cluster?.isEnabled === true ? `, ${cluster.peers.length} servers` : "";
    return {
      ...health(isFine ? "ok" : "degraded", [`Qdrant ${known}${servers}`, ...issues].join("; ")),
      ...(parts.length > 0 && { parts: Object.fromEntries(parts) }),
    };
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (!BinnacleError.isInstance(error)) throw error;
    return health("down", error.message);
  }
}

/** Undefined if the key may not ask, or the server does not say. A store works without the answer. */
async function clusterOf(
  api: QdrantApi,
  options: CallOptions | undefined,
): Promise<QdrantCluster | undefined> {
  try {
    return await readServerCluster(api, options);
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (RequestError.isInstance(error) && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

type CollectionCheck = typeof collectionHealth;

/** Adds the state of a collection's shards to its health. */
function withShards(api: QdrantApi, check: CollectionCheck): CollectionCheck {
  return async (name, collections, options) => {
    const health = await check(name, collections, options);
    if (health.status === "down") return health;
    const { localShards, remoteShards } = await readCollectionCluster(name, api, options);
    const bad = [...localShards, ...remoteShards].filter(({ state }) => state !== "Active");
    if (bad.length === 0) return health;
    const list = bad.map(({ id, state }) => `shard ${id} is ${state}`).join(", ");
    return { ...health, status: "degraded", detail: `${health.detail}; ${list}` };
  };
}

const REASONS: ReadonlyMap<string, readonly [Health["status"], string]> = new Map([
  ["green", ["ok", "ready"]],
  ["yellow", ["ok", "is being optimized. Searches may be slower"]],
  [
    "grey",
    ["degraded", "waits for an optimization that has not started. Write to it, or update its settings"],
  ],
  ["red", ["down", "failed to optimize. See the server's log"]],
]);

async function collectionHealth(
  name: string,
  collections: OpenCollections,
  options: CallOptions | undefined,
): Promise<Health> {
  const startedAt = performance.now();
  const described = await collections.describe(name, options);
  const latencyMs = performance.now() - startedAt;
  if (!described) return { status: "down", detail: "does not exist any more", latencyMs };
  const [status, reason] = REASONS.get(described.status) ?? ["degraded", `has status "${described.status}"`];
  if (described.config.optimizer_config?.indexing_threshold === 0) {
    const detail =
      "is not indexed, because a bulk load is running or was interrupted. Run `bulkLoad` again to end it";
    return { status: "degraded", detail, latencyMs };
  }
  const failed =
    typeof described.optimizer_status === "object" ? JSON.stringify(described.optimizer_status) : "";
  return { status, detail: failed === "" ? reason : `${reason}: ${failed.slice(0, 300)}`, latencyMs };
}

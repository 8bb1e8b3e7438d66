import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";

const shard = z.object({ shard_id: z.number(), state: z.string() });
const schema = z.object({
  shard_count: z.number(),
  local_shards: z.array(shard.extend({ points_count: z.number() })),
  remote_shards: z.array(shard.extend({ peer_id: z.number() })),
  shard_transfers: z.array(z.unknown()),
});

/** One copy of a shard. */
export interface QdrantShard {
  readonly id: number;
  /** Qdrant's own word: `Active`, `Dead`, `Partial`, `Recovery` and others. */
  readonly state: string;
}

/** The places of one collection in a cluster. */
export interface QdrantCollectionCluster {
  readonly shards: number;
  /** Copies on the server that answered. */
  readonly localShards: readonly QdrantShard[];
  /** Copies on other servers. */
  readonly remoteShards: readonly QdrantShard[];
  /** Shards that are being moved or copied now. */
  readonly transfers: number;
}

/** Reads where the shards of a collection are. */
export async function readCollectionCluster(
  name: string,
  api: QdrantApi,
  options: CallOptions | undefined,
): Promise<QdrantCollectionCluster> {
  const request = { path: collectionPath(name, "/cluster"), collection: name };
  const read = await api.result(request, schema, options);
  const toShard = ({ shard_id: id, state }: z.output<typeof shard>): QdrantShard => ({ id, state });
  return {
    shards: read.shard_count,
    localShards: read.local_shards.map(toShard),
    remoteShards: read.remote_shards.map(toShard),
    transfers: read.shard_transfers.length,
  };
}

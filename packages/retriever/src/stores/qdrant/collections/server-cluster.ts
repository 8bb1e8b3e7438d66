import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import type { QdrantApi } from "../wire/qdrant-api.ts";

const enabled = z.object({
  status: z.literal("enabled"),
  peers: z.record(z.string(), z.object({ uri: z.string() })),
  raft_info: z.object({ leader: z.number().nullish(), pending_operations: z.number() }),
  consensus_thread_status: z.object({ consensus_thread_status: z.string(), err: z.string().optional() }),
  message_send_failures: z.record(z.string(), z.object({ count: z.number() })),
});
const schema = z.union([enabled, z.object({ status: z.literal("disabled") })]);

/** One server of a cluster. */
export interface QdrantPeer {
  /** Qdrant's number for it, as text, because it may be above 2^53. */
  readonly id: string;
  readonly uri: string;
}

/** The state of the cluster, as one server sees it. */
export interface QdrantCluster {
  /** False: the server runs alone. */
  readonly isEnabled: boolean;
  readonly peers: readonly QdrantPeer[];
  /** {@link QdrantPeer.id} of the server that decides on collections and aliases. Missing while there is no
   * leader. */
  readonly leader?: string | undefined;
  /** Reasons why the cluster does not work fully. Empty if it does. */
  readonly issues: readonly string[];
}

/** Reads the state of the cluster. */
export async function readServerCluster(api: QdrantApi, options?: CallOptions): Promise<QdrantCluster> {
  const read = await api.result({ path: "/cluster" }, schema, options);
  if (read.status === "disabled") return { isEnabled: false, peers: [], issues: [] };
  const peers = Object.entries(read.peers).map(([id, { uri }]) => ({ id, uri }));
  // The leader is a JSON number, which may be rounded. The keys of `peers` are exact.
  const leader = peers.find(({ id }) => Number(id) === read.raft_info.leader)?.id;
  return { isEnabled: true, peers, leader, issues: [...issuesOf(read, leader)] };
}

function* issuesOf(
  { consensus_thread_status: consensus, message_send_failures: failures }: z.output<typeof enabled>,
  leader: string | undefined,
): Generator<string, void, void> {
  const { consensus_thread_status: status, err } = consensus;
  if (status !== "working")
    yield `consensus has stopped${err === undefined ? "" : ` (${err.slice(0, 200)})`}: collections and aliases cannot change`;
  if (leader === undefined) yield "there is no leader: collections and aliases cannot change";
  for (const [peer, { count }] of Object.entries(failures))
    yield `${peer} does not answer (${count} messages failed)`;
}

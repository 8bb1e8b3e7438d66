import { freePort } from "./free-port.ts";
import { startRedis, type RedisServer } from "./redis.ts";
import { until } from "./until.ts";

/** Three masters, each with a third of the slots, and as many replicas as asked for. */
export interface RedisCluster {
  readonly urls: readonly string[];
  readonly masters: readonly RedisServer[];
  readonly replicas: readonly RedisServer[];
  close(): Promise<void>;
}

const slotRanges = ["{0..5460}", "{5461..10922}", "{10923..16383}"] as const;

/**
 * Starts a cluster. With `withReplicas`, each master has one replica that takes over within about two
 * seconds.
 */
export async function startRedisCluster(
  options: { readonly withReplicas?: boolean } = {},
): Promise<RedisCluster> {
  const { withReplicas = false } = options;
  const start = async (): Promise<RedisServer> => {
    // A cluster node takes two ports; the second must be named, because the usual one (+10000) may lie above
    // 65535.
    const busPort = String(await freePort());
    const args = ["--cluster-enabled", "yes", "--cluster-port", busPort, "--cluster-node-timeout", "1000"];
    const soon = ["--repl-diskless-sync-delay", "0"];
    return startRedis({ own: true, args: [...args, ...soon, "--cluster-config-file", "nodes.conf"] });
  };
  const nodes: RedisServer[] = [];
  for (let i = 0; i < (withReplicas ? 6 : 3); i++) nodes.push(await start());
  const close = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.close())));
  try {
    const [masters, replicas] = [nodes.slice(0, 3), nodes.slice(3)];
    await join(nodes, masters);
    for (const [i, replica] of replicas.entries()) {
      const id = (await masters[i]?.cli("cluster", "myid"))?.trim() ?? "";
      await until(
        async () => (await replica.cli("cluster", "replicate", id)).startsWith("OK"),
        "a replica to follow",
      );
    }
    for (const node of nodes) {
      await until(async () => {
        const info = await node.cli("cluster", "info");
        return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodes.length}`);
      }, "the cluster to be ok");
    }
    for (const replica of replicas) {
      // A replica that never had its master's data is not elected.
      const isInSync = async (): Promise<boolean> =>
        (await replica.cli("info", "replication")).includes("master_link_status:up");
      await until(isInSync, "a replica in sync");
    }
    return { urls: nodes.map(({ url }) => url), masters, replicas, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function join(nodes: readonly RedisServer[], masters: readonly RedisServer[]): Promise<void> {
  for (const [i, master] of masters.entries()) {
    const [from, to] = (slotRanges[i] ?? "").slice(1, -1).split("..");
    await master.cli("cluster", "addslotsrange", from ?? "", to ?? "");
    await master.cli("cluster", "set-config-epoch", String(i + 1));
  }
  const [first] = masters;
  for (const node of nodes) {
    if (node === first || first === undefined) continue;
    const busPort = /@(\d+)/.exec(await first.cli("cluster", "nodes"))?.[1] ?? "";
    await node.cli("cluster", "meet", "127.0.0.1", String(first.port), busPort);
  }
}

/** Moves one slot and its keys to another master, as an operator's resharding does. */
export async function moveSlot(
  { masters }: RedisCluster,
  slot: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const [source, target] = [masters[from], masters[to]];
  if (source === undefined || target === undefined) throw new Error(`no masters ${from} and ${to}`);
  const idOf = async (node: RedisServer): Promise<string> => (await node.cli("cluster", "myid")).trim();
  const [sourceId, targetId] = [await idOf(source), await idOf(target)];
  await target.cli("cluster", "setslot", String(slot), "importing", sourceId);
  await source.cli("cluster", "setslot", String(slot), "migrating", targetId);
  for (;;) {
    const keys = (await source.cli("cluster", "getkeysinslot", String(slot), "100"))
      .split("\n")
      .filter((key) => key !== "");
    if (keys.length === 0) break;
    await source.cli("migrate", "127.0.0.1", String(target.port), "", "0", "5000", "keys", ...keys);
  }
  for (const node of [target, source, ...masters])
    await node.cli("cluster", "setslot", String(slot), "node", targetId);
}

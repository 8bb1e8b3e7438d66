import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { startRedis, type RedisServer } from "./redis.ts";
import { until } from "./until.ts";

/** A master with one replica, and three sentinels that agree by two. */
export interface RedisSentinels {
  readonly urls: readonly string[];
  /** The sentinels' name for the master. */
  readonly name: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  close(): Promise<void>;
}

const name = "binnacle";

/** Starts them. The sentinels replace a dead master within about three seconds. */
export async function startRedisSentinels(): Promise<RedisSentinels> {
  const folder = mkdtempSync(join(tmpdir(), "binnacle-sentinel-"));
  const servers: RedisServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const master = await startRedis({ own: true, args: ["--repl-diskless-sync-delay", "0"] });
    servers.push(master);
    const replica = await startRedis({ own: true, args: ["--replicaof", "127.0.0.1", String(master.port)] });
    servers.push(replica);
    await until(
      async () => (await replica.cli("info", "replication")).includes("master_link_status:up"),
      "a replica",
    );
    const sentinels: RedisServer[] = [];
    for (let i = 0; i < 3; i++) {
      const sentinelConfig = join(folder, `sentinel-${i}.conf`);
      writeFileSync(sentinelConfig, configFor(master.port));
      const sentinel = await startRedis({ own: true, sentinelConfig, port: await freePort() });
      servers.push(sentinel);
      sentinels.push(sentinel);
    }
    for (const sentinel of sentinels) {
      await until(async () => {
        const state = await sentinel.cli("sentinel", "master", name);
        return /num-slaves\n1\n/.test(state) && /num-other-sentinels\n2\n/.test(state);
      }, "the sentinels to know each other");
    }
    return { urls: sentinels.map(({ url }) => url), name, master, replica, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function configFor(masterPort: number): string {
  return [
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${name} 700`,
    `sentinel failover-timeout ${name} 3000`,
    "",
  ].join("\n");
}

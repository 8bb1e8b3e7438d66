import { once } from "node:events";
import { abortable, createDeadline } from "@binnacle/core/kit";
import { Cluster, Redis } from "ioredis";

const commandMs = 250;

/** A connection whose commands succeed or fail within 250 ms. */
export interface QuickRedis {
  /** Sends a command. Rejects if no answer arrives in time. The next command may succeed. */
  run<T>(command: (client: Redis | Cluster) => Promise<T>): Promise<T>;
  close(): void;
}

/** Connects to one server, or to the cluster of several nodes, on the first command. */
export function connectRedis(urls: readonly string[]): QuickRedis {
  const [first = "", ...others] = urls;
  const client = others.length === 0 ? serverOf(first) : clusterOf(urls);
  client.on("error", () => undefined); // each command reports its own failure
  const ready = client instanceof Cluster ? createReady(client) : undefined;
  const send = async <T>(
    command: (client: Redis | Cluster) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    await ready?.();
    signal.throwIfAborted();
    return await command(client);
  };
  return {
    run: async (command) => {
      const deadline = createDeadline({ label: "Redis", totalMs: commandMs });
      try {
        return await abortable(send(command, deadline.signal), deadline.signal);
      } finally {
        deadline[Symbol.dispose]();
      }
    },
    close: () => client.disconnect(),
  };
}

function serverOf(url: string): Redis {
  return new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, commandTimeout: commandMs });
}

function clusterOf(urls: readonly string[]): Cluster {
  const { username, password, protocol } = new URL(urls[0] ?? "");
  const redisOptions = {
    commandTimeout: commandMs,
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" && { tls: {} }),
  };
  return new Cluster([...urls], { lazyConnect: true, redisOptions });
}

/**
 * Returns a function that waits for the cluster. Until then the client would keep each command without a bound,
 * and no timeout applies. All commands share one wait.
 */
function createReady(cluster: Cluster): () => Promise<void> {
  let attempt: Promise<unknown> | undefined;
  return async () => {
    if (cluster.status === "ready") return;
    if (cluster.status === "wait") cluster.connect().catch(() => undefined); // the client tries again by itself
    attempt ??= once(cluster, "ready").finally(() => (attempt = undefined));
    await attempt;
  };
}

import { Cluster, Redis } from "ioredis";

const quick = { lazyConnect: true, maxRetriesPerRequest: 0, commandTimeout: 250, enableOfflineQueue: true };

/** Connects to one server, or to the cluster of several nodes. A command fails within 250 ms, and the next may succeed. */
export function connectRedis(urls: readonly string[]): Redis | Cluster {
  const redis = clientOf(urls);
  redis.on("error", () => undefined); // each call reports its own failure
  return redis;
}

function clientOf(urls: readonly string[]): Redis | Cluster {
  const [first = "", ...others] = urls;
  if (others.length === 0) return new Redis(first, quick);
  const { username, password, protocol } = new URL(first);
  const redisOptions = {
    commandTimeout: quick.commandTimeout,
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" && { tls: {} }),
  };
  return new Cluster([...urls], { lazyConnect: true, redisOptions });
}

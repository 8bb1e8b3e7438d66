import type { ConnectionOptions } from "bullmq";

/** The connection of a worker, which waits for a lost server as long as it takes. */
export function workerConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: null };
}

/** The connection of a server, whose callers wait for an answer. */
export function serverConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 3000 };
}

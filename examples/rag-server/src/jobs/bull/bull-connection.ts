import type { ConnectionOptions } from "bullmq";

/** Reads the address of a Redis server for BullMQ, which waits for a lost server as long as it takes. */
export function bullConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: null };
}

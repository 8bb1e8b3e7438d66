import type { Cluster, Redis } from "ioredis";

/** The answer for one key: a value, null for no value, or the client's error. Undefined until it arrives. */
export type Outcome = Buffer | null | Error | undefined;

/**
 * Reads all keys in one round trip, or in one per node of a cluster. Enters each outcome at its key's
 * position as soon as it arrives, so that a timeout does not lose the answers of other nodes.
 */
export async function readKeys(
  client: Redis | Cluster,
  keys: readonly string[],
  outcomes: Outcome[],
): Promise<void> {
  if (isCluster(client)) {
    // MGET accepts only keys of one slot. Single commands also follow a slot that moves.
    const sent = together(client, () => keys.map((key) => client.getBuffer(key)));
    return settleAll(sent, outcomes);
  }
  for (const [index, value] of (await client.mgetBuffer([...keys])).entries()) outcomes[index] = value;
}

/** A key and its new value. Undefined removes the key. */
export type KeyChange = readonly [key: string, value: Buffer | undefined];

/** Sends all changes in one round trip, or in one per node of a cluster. The outcome null means success. */
export function changeKeys(
  client: Redis | Cluster,
  changes: readonly KeyChange[],
  options: { readonly ttlMs: () => number; readonly outcomes: Outcome[] },
): Promise<void> {
  const sent = together(client, () =>
    changes.map(async ([key, value]): Promise<null> => {
      if (value === undefined) await client.del(key);
      else await client.set(key, value, "PX", options.ttlMs());
      return null;
    }),
  );
  return settleAll(sent, options.outcomes);
}

/** Returns the masters of a cluster, or the single server. */
export function serversOf(client: Redis | Cluster): readonly Redis[] {
  return isCluster(client) ? client.nodes("master") : [client];
}

/** Returns true if the client is a cluster's. */
export function isCluster(client: Redis | Cluster): client is Cluster {
  return client.isCluster;
}

/** Sends the commands that `send` starts in one write per connection, not one per command. */
function together<T>(client: Redis | Cluster, send: () => T): T {
  // Contrary to its type, `stream` is missing until a connection exists.
  const streams: readonly (Partial<Redis["stream"]> | undefined)[] = serversOf(client).map(
    ({ stream }) => stream,
  );
  for (const stream of streams) stream?.cork?.();
  try {
    return send();
  } finally {
    for (const stream of streams) stream?.uncork?.();
  }
}

async function settleAll(sent: readonly Promise<Buffer | null>[], outcomes: Outcome[]): Promise<void> {
  await Promise.all(
    sent.map(async (one, index) => {
      try {
        outcomes[index] = await one;
      } catch (error) {
        outcomes[index] = error instanceof Error ? error : new Error(String(error));
      }
    }),
  );
}

import type { Cluster, Redis } from "ioredis";

/** The answer for one key: a value, nothing, or the client's own error. Undefined until it arrives. */
export type Outcome = Buffer | null | Error | undefined;

/**
 * Reads all keys in one round trip, in a cluster one per node. Fills in the outcomes, which are in the keys' order, as
 * they come: when a caller's patience ends, the nodes that have answered have not done so in vain.
 */
export async function readKeys(
  client: Redis | Cluster,
  keys: readonly string[],
  outcomes: Outcome[],
): Promise<void> {
  if (isCluster(client)) {
    // MGET takes keys of one slot only. Single commands follow a slot that moves, each by itself.
    const sent = together(client, () => keys.map((key) => client.getBuffer(key)));
    return settleAll(sent, outcomes);
  }
  for (const [index, value] of (await client.mgetBuffer([...keys])).entries()) outcomes[index] = value;
}

/** A key and the value to put there; undefined: remove the key. */
export type KeyChange = readonly [key: string, value: Buffer | undefined];

/** Sends all changes in one round trip, in a cluster one per node. An outcome of null is success. */
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

/** The masters of a cluster, or the one server. */
export function serversOf(client: Redis | Cluster): readonly Redis[] {
  return isCluster(client) ? client.nodes("master") : [client];
}

export function isCluster(client: Redis | Cluster): client is Cluster {
  return client.isCluster;
}

/** Sends what `send` starts in one write per connection instead of one per command. */
function together<T>(client: Redis | Cluster, send: () => T): T {
  // `stream` is missing until a connection is made, whatever the type says.
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

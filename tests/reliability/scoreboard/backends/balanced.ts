import type { Embedder } from "@binnacle/core";
import { LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { createEmbedderPool, type EmbedderPoolOptions } from "@binnacle/inference/pool";
import type { FakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";

/** A way to spread calls over replicas. */
export interface Balanced {
  readonly name: string;
  /** Embeds one text. */
  ask(number: number): Promise<boolean>;
  /** Milliseconds of `performance.now()` at which a replica was ejected or came back. */
  readonly ejectedAt: readonly number[];
  readonly restoredAt: readonly number[];
  /** Second attempts of slow calls. */
  hedges(): number;
  close(): Promise<void>;
}

const role = "query" as const;

async function asked(embedder: Embedder, number: number): Promise<boolean> {
  const { outcomes } = await embedder.embed([`question ${number}`], { role });
  return outcomes[0] instanceof Float32Array;
}

/** Our pool over the replicas. */
export function pooled(
  replicas: readonly FakeReplica[],
  options: Partial<EmbedderPoolOptions> = {},
  name = "pool",
): Balanced {
  const ejectedAt: number[] = [];
  const restoredAt: number[] = [];
  const [first, ...others] = replicas.map(({ url }) => ({
    name: url,
    driver: new LlamaCppEmbedder({ url, maxAttempts: 1 }),
  }));
  if (first === undefined) throw new Error("a pool needs a replica");
  const pool = createEmbedderPool({
    replicas: [first, ...others],
    onEvent: ({ type }) => {
      if (type === "ejected") ejectedAt.push(performance.now());
      if (type === "restored") restoredAt.push(performance.now());
    },
    ...options,
  });
  return {
    name,
    ask: (number) => asked(pool, number),
    ejectedAt,
    restoredAt,
    hedges: () => pool.status().hedges,
    close: () => pool.close(),
  };
}

/** Takes the replicas in turn. */
export function roundRobin(replicas: readonly FakeReplica[]): Balanced {
  return simple("round robin", replicas, (_running, number) => number % replicas.length);
}

/** Takes the replica with the fewest running calls. */
export function leastBusy(replicas: readonly FakeReplica[]): Balanced {
  return simple("least busy", replicas, (running) => running.indexOf(Math.min(...running)));
}

/** The drivers' own retries are on, as an app without a pool would have them. */
function simple(
  name: string,
  replicas: readonly FakeReplica[],
  choose: (running: readonly number[], number: number) => number,
): Balanced {
  const drivers = replicas.map(({ url }) => new LlamaCppEmbedder({ url }));
  const running = drivers.map(() => 0);
  return {
    name,
    ask: async (number) => {
      const index = choose(running, number);
      const driver = drivers[index];
      if (driver === undefined) return false;
      running[index] = (running[index] ?? 0) + 1;
      try {
        return await asked(driver, number);
      } finally {
        running[index] = (running[index] ?? 0) - 1;
      }
    },
    ejectedAt: [],
    restoredAt: [],
    hedges: () => 0,
    close: async () => void (await Promise.all(drivers.map((driver) => driver.close()))),
  };
}

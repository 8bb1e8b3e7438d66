import { LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { createEmbedderPool } from "@binnacle/inference/pool";
import { startFakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";

/** SB-L2: pools are created, used and closed many times, the last one with calls in flight. */
export const manyClients: Experiment = {
  title: "10,000 pools created and closed",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, share }) => {
    const replica = await startFakeReplica(seed);
    const count = Math.max(100, Math.round(10_000 * share));
    const create = (): ReturnType<typeof createEmbedderPool> =>
      createEmbedderPool({
        replicas: [{ name: "a", driver: new LlamaCppEmbedder({ url: replica.url }) }],
      });
    const used = async (): Promise<void> => {
      const pool = create();
      await pool.embed(["text"], { role: "query" });
      await pool.close();
    };
    try {
      await used();
      const before = process.getActiveResourcesInfo().length;
      for (let number = 0; number < count; number++) {
        if (number % 100 === 0) await used();
        else await create().close();
      }
      const last = create();
      const calls = Array.from({ length: 20 }, () =>
        last.embed(["text"], { role: "query" }).catch(() => undefined),
      );
      const startedAt = performance.now();
      await last.close();
      const closeMs = performance.now() - startedAt;
      await Promise.all(calls);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const leaked = Math.max(0, process.getActiveResourcesInfo().length - before);
      return [
        shown("pools", count, ""),
        exactly("sockets and timers left", leaked, 0),
        atMost("close with calls in flight", closeMs, 1_000, "ms"),
      ];
    } finally {
      replica.close();
    }
  },
};

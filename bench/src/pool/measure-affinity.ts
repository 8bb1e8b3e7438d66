import { LlamaCppBackend } from "@binnacle/inference/llama-cpp";
import { createBackendPool } from "@binnacle/inference/pool";
import type { Fleet } from "../../../tests/reliability/scoreboard/backends/broken-fleet.ts";

/** Effect of prompt affinity on sessions of several turns. */
export interface AffinityFigures {
  /** Share of the prompt tokens that the servers had in their caches. */
  readonly cachedShare: number;
  /** Median of the whole call, in milliseconds. */
  readonly medianMs: number;
}

const sessions = 45;
const turns = 6;
const promptCharacters = 12_000;

/** Asks several questions with each long prompt, while other sessions do the same. */
export async function measureAffinity(fleet: Fleet, followPrefixes: boolean): Promise<AffinityFigures> {
  const [first, ...others] = fleet.replicas.map(({ url }) => ({
    name: url,
    driver: new LlamaCppBackend({ url, maxAttempts: 1 }),
  }));
  if (first === undefined) throw new Error("a pool needs a replica");
  const pool = createBackendPool({ replicas: [first, ...others], followPrefixes });
  const times: number[] = [];
  const ask = async (session: number): Promise<void> => {
    const content = `${followPrefixes ? "on" : "off"} ${session} `.padEnd(promptCharacters, "x");
    const startedAt = performance.now();
    await pool.generate({ messages: [{ role: "user", content }], maxTokens: 2 });
    times.push(performance.now() - startedAt);
  };
  try {
    const before = await cachedOf(fleet);
    for (let turn = 0; turn < turns; turn++)
      for (let session = 0; session < sessions; session += 9)
        await Promise.all(Array.from({ length: 9 }, (_, index) => ask(session + index)));
    const after = await cachedOf(fleet);
    times.sort((a, b) => a - b);
    return {
      cachedShare: (after.cached - before.cached) / (after.prompt - before.prompt),
      medianMs: times[Math.floor(times.length / 2)] ?? Number.NaN,
    };
  } finally {
    await pool.close();
  }
}

async function cachedOf({ replicas }: Fleet): Promise<{ readonly cached: number; readonly prompt: number }> {
  const counts = await Promise.all(replicas.map((replica) => replica.counts()));
  return {
    cached: counts.reduce((sum, { cachedTokens }) => sum + cachedTokens, 0),
    prompt: counts.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
  };
}

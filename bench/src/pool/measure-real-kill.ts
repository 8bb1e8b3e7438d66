import { setTimeout as sleep } from "node:timers/promises";
import { LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { createEmbedderPool } from "@binnacle/inference/pool";
import { startLlamaServer } from "../../../tests/servers/llama-server.ts";
import {
  between,
  countOf,
  percentile,
  startOpenLoop,
} from "../../../tests/reliability/scoreboard/open-loop.ts";

/** Effect of a kill of one of three real llama-servers. */
export interface RealKillFigures {
  readonly requests: number;
  readonly failed: number;
  /** 99th percentile before the kill, in milliseconds. */
  readonly baselineMs: number;
  /** 99th percentile after it. */
  readonly p99Ms: number;
  /** Milliseconds from the kill to the ejection. NaN if there was none. */
  readonly ejectedMs: number;
  /** Milliseconds from the start of a new server at the same port until the pool uses it. */
  readonly restoredMs: number;
}

// A percentile of a hundred calls would be its worst call.
const phaseMs = 15_000;

/** Embeds short texts over three llama-servers, kills one with SIGKILL, and starts it again. */
export async function measureRealKill(perSecond: number): Promise<RealKillFigures> {
  const start = (port?: number): ReturnType<typeof startLlamaServer> =>
    startLlamaServer({ kind: "embed", args: ["--no-webui"], port });
  const servers = [await start(), await start(), await start()] as const;
  const [a, b, c] = servers.map(({ url }) => ({
    name: url,
    driver: new LlamaCppEmbedder({ url, maxAttempts: 1 }),
  }));
  if (a === undefined || b === undefined || c === undefined) throw new Error("a pool needs a replica");
  const [ejectedAt, restoredAt]: [number[], number[]] = [[], []];
  const pool = createEmbedderPool({
    replicas: [a, b, c],
    onEvent: ({ type }) => {
      if (type === "ejected") ejectedAt.push(performance.now());
      if (type === "restored") restoredAt.push(performance.now());
    },
  });
  const load = startOpenLoop(perSecond, async (number) => {
    const { outcomes } = await pool.embed([`the tide at pier ${number}`], { role: "query" });
    return outcomes[0] instanceof Float32Array;
  });
  const open = [servers[1], servers[2]];
  try {
    await sleep(phaseMs);
    const killed = { atMs: load.now(), clock: performance.now() };
    await servers[0].close(); // SIGKILL
    await sleep(phaseMs);
    const endedAt = load.now();
    open.push(await start(Number(new URL(servers[0].url).port)));
    const upAt = performance.now();
    await sleep(phaseMs);
    const samples = await load.stop();
    return {
      requests: samples.length,
      failed: samples.length - countOf(samples, "right"),
      baselineMs: percentile(between(samples, phaseMs / 3, killed.atMs), 0.99),
      p99Ms: percentile(between(samples, killed.atMs, endedAt), 0.99),
      ejectedMs: (ejectedAt.find((at) => at >= killed.clock) ?? NaN) - killed.clock,
      restoredMs: Math.max(0, (restoredAt[0] ?? NaN) - upAt),
    };
  } finally {
    await load.stop();
    await pool.close();
    await Promise.all(open.map((server) => server.close()));
  }
}

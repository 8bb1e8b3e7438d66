import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { startFaultProxy } from "../../../../tests/servers/fault-proxy.ts";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../tests/servers/llama-server.ts";
import { LlamaCppEmbedder } from "../backends/llama-cpp/index.ts";
import { createEmbedderPool, type EmbedderPool } from "./create-embedder-pool.ts";

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`a pool of llama-servers in trouble${because}`, () => {
  const closing: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  const start = async (whileLoading = false): Promise<LlamaServer> => {
    const server = await startLlamaServer({ kind: "embed", args: ["--no-webui"], whileLoading });
    closing.push(() => server.close());
    return server;
  };
  const poolOf = (first: string, second: string, requestTimeoutMs?: number): EmbedderPool => {
    const replica = (url: string, name: string) => ({
      name,
      driver: new LlamaCppEmbedder({ url, maxAttempts: 1, requestTimeoutMs }),
    });
    const pool = createEmbedderPool({ replicas: [replica(first, "first"), replica(second, "second")] });
    closing.push(() => pool.close());
    return pool;
  };
  /** Embeds texts one after the other, and returns the number of failures. */
  const failures = async (pool: EmbedderPool, calls: number): Promise<number> => {
    let failed = 0;
    for (let call = 0; call < calls; call++) {
      const { outcomes } = await pool
        .embed([`tide ${call}`], { role: "query" })
        .catch(() => ({ outcomes: [undefined] }));
      if (!(outcomes[0] instanceof Float32Array)) failed += 1;
    }
    return failed;
  };
  const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await isSo())) await sleep(50);
  };
  const stateOf = (pool: EmbedderPool, index: number): string | undefined =>
    pool.status().replicas[index]?.state;

  test("loses no call while a server is stopped, ejects it and uses it again (Q2)", async () => {
    const [first, second] = [await start(), await start()];
    const pool = poolOf(first.url, second.url, 3_000);
    expect(await failures(pool, 30)).toBe(0);
    second.signal("SIGSTOP"); // keeps its socket open and answers nothing
    await until(async () => {
      expect(await failures(pool, 5)).toBe(0);
      return stateOf(pool, 1) === "ejected";
    });
    second.signal("SIGCONT");
    const before = pool.status().replicas[1]?.attempts ?? 0;
    await until(async () => {
      expect(await failures(pool, 2)).toBe(0);
      return stateOf(pool, 1) === "available" && (pool.status().replicas[1]?.attempts ?? 0) > before;
    });
    expect(pool.status().replicas.map(({ inUse }) => inUse)).toEqual([0, 0]);
  }, 60_000);

  test("loses no call while a server keeps its connections half open and silent (Q2)", async () => {
    const server = await start();
    let isSilent = false;
    const proxy = await startFaultProxy(server.url, (_, forward) =>
      isSilent ? Promise.resolve("hang" as const) : forward(),
    );
    closing.push(() => proxy.close());
    const pool = poolOf(server.url, proxy.url, 3_000);
    expect(await failures(pool, 30)).toBe(0);
    isSilent = true;
    await until(async () => {
      expect(await failures(pool, 5)).toBe(0);
      return stateOf(pool, 1) === "ejected";
    });
  }, 60_000);

  test("loses no call to a server that still loads its model, and uses it once it is ready (Q2)", async () => {
    const first = await start();
    const second = await start(true);
    const pool = poolOf(first.url, second.url);
    await until(async () => {
      expect(await failures(pool, 2)).toBe(0);
      const { replicas } = pool.status();
      return (
        (replicas[1]?.attempts ?? 0) > (replicas[1]?.failures ?? 0) && replicas[1]?.state === "available"
      );
    });
  }, 60_000);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { fill, filledBatches, filledSpec, randomNumbers, randomQuery } from "./filled-store.ts";

const points = 50_000;
const allowedMs = 50;
// The machine may be busy with something else: what counts is that a clean run exists.
const attempts = 3;

test(
  `R2: no stretch over ${allowedMs} ms on the caller's event loop at ${points} × 384`,
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "binnacle-loop-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const random = randomNumbers(7);
    let path = "";
    const longest: Record<string, number> = {};
    longest["write"] = await leastOf(async (attempt) => {
      path = join(folder, `${attempt}.sqlite`);
      const store = new SqliteStore({ path });
      await fill(store, filledBatches(points, random));
      await store.close();
    });
    longest["open and first search"] = await leastOf(() => searches(path, 1, random));
    longest["search"] = await leastOf(() => searches(path, 30, random));
    longest["scan"] = await leastOf(async () => {
      const store = new SqliteStore({ path });
      let seen = 0;
      for await (const point of store.collection(filledSpec.name).scan()) if (point.version > 0) seen += 1;
      expect(seen).toBe(points);
      await store.close();
    });
    process.stdout.write(`longest stretch in ms: ${JSON.stringify(longest)}\n`);
    for (const [phase, ms] of Object.entries(longest)) expect(ms, phase).toBeLessThan(allowedMs);
  },
);

async function searches(path: string, count: number, random: () => number): Promise<void> {
  const store = new SqliteStore({ path });
  for (let i = 0; i < count; i++) {
    const hits = await store.collection(filledSpec.name).search(randomQuery("hybrid", random));
    expect(hits).toHaveLength(10);
  }
  await store.close();
}

/** The longest stretch on this thread while `body` runs, in the best of a few attempts. */
async function leastOf(body: (attempt: number) => Promise<void>): Promise<number> {
  let least = Infinity;
  for (let attempt = 0; attempt < attempts && least >= allowedMs; attempt++) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await body(attempt);
    delay.disable();
    least = Math.min(least, delay.max / 1e6);
  }
  return least;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Collection } from "@binnacle/core";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { startFaultProxy, type FaultProxy } from "../../../servers/fault-proxy.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { randomNumbers } from "../../filled-store.ts";
import { exactly, shown, unmeasured, type Experiment } from "../experiment.ts";
import { batchOf, compareWithPlan, spec } from "./ingest-check.ts";

const kills = 20;

/** SB-Q1: the server is killed again and again during an ingest, and started again. */
export const qdrantKilled: Experiment = {
  title: `the server is killed ${kills} times during an ingest, which continues`,
  missing: () => Promise.resolve(qdrantMissing("own")),
  run: async ({ seed }) => {
    const folder = mkdtempSync(join(tmpdir(), "binnacle-qdrant-"));
    const journal = join(folder, "journal");
    const proxy = await startFaultProxy(undefined);
    const store = new QdrantStore({ url: proxy.url, timeoutMs: 20_000, maxAttempts: 1 });
    const random = randomNumbers(seed);
    let [batches, failedWrites, lost, surplus, different, points] = [0, 0, 0, 0, 0, 0];
    try {
      for (let kill = 0; kill <= kills; kill++) {
        const server = await startQdrant({ journal });
        proxy.target = server.url;
        await store.ensureCollection(spec);
        const collection = store.collection(spec.name);
        // The batch in flight may be there or not: it is written again, as an indexer does.
        if (kill > 0) await write(collection, seed, batches++);
        const found = await compareWithPlan(collection, seed, batches);
        lost += found.lost;
        surplus += found.surplus;
        different += found.different;
        points = found.points;
        if (kill < kills) {
          const ended = killAfter(random() * 600, proxy, server);
          batches = await ingestUntilBroken(collection, seed, batches);
          failedWrites += 1;
          await ended;
        } else await server.close();
      }
      return [
        exactly("acknowledged points lost", lost, 0, "points"),
        exactly("points twice or beyond the plan", surplus, 0, "points"),
        exactly("points with another text, metadata or vector", different, 0, "points"),
        exactly("kills that broke a write", failedWrites, kills, "kills"),
        shown("batches written", batches, "batches"),
        shown("points at the end", points, "points"),
        unmeasured("acknowledged points that a killed engine loses", "0", "a Qdrant binary to kill"),
      ];
    } finally {
      await store.close();
      await proxy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Writes batches until a write fails. Returns the number of acknowledged batches. */
async function ingestUntilBroken(collection: Collection, seed: number, first: number): Promise<number> {
  for (let number = first; ; number++) {
    try {
      await write(collection, seed, number);
    } catch {
      return number;
    }
  }
}

async function write(collection: Collection, seed: number, number: number): Promise<void> {
  const { failures } = await collection.write(batchOf(seed, number));
  for (const failure of failures.values()) throw failure;
}

async function killAfter(ms: number, proxy: FaultProxy, server: { close(): Promise<void> }): Promise<void> {
  await sleep(ms);
  await server.close();
  proxy.target = undefined;
}

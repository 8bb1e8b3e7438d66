import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VectorStore } from "@binnacle/core";
import { MemoryStore } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { fill, filledBatches, randomNumbers, randomQuery } from "../../../tests/reliability/filled-store.ts";
import { loopStretch } from "../../../tests/reliability/loop-stretch.ts";
import { quantizedRecall } from "../../../tests/reliability/scoreboard/stores/quantized-recall.ts";
import type { Switched } from "./switched.ts";

const points = 20_000;
const searches = 30;

/** The processor time that searches take on the caller's thread at a stretch. */
export const searchWorker: Switched = {
  name: "search off the event loop",
  unit: "ms, longest stretch",
  measure: async () => {
    const folder = mkdtempSync(join(tmpdir(), "binnacle-switches-"));
    const stretchOf = async (store: VectorStore): Promise<number> => {
      const collection = await fill(store, filledBatches(points, randomNumbers(7)));
      const random = randomNumbers(8);
      const { computedMs } = await loopStretch(async () => {
        for (let i = 0; i < searches; i++) await collection.search(randomQuery("hybrid", random));
      });
      await store.close();
      return computedMs;
    };
    try {
      return {
        off: await stretchOf(new MemoryStore()),
        on: await stretchOf(new SqliteStore({ path: join(folder, "index.sqlite") })),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Bytes of a vector of 768 numbers in Qdrant's memory, and the recall that is left. */
export const quantization: Switched = {
  name: "quantization",
  unit: "recall of ten",
  isMoreBetter: true,
  missing: () => (process.env["QDRANT_URL"] === undefined ? "QDRANT_URL" : undefined),
  measure: async () => {
    const figures = await quantizedRecall.run({ seed: 7, outageMs: 0, share: 0.1 });
    const recall = figures.find(({ figure }) => figure === "recall@10");
    return { off: 1, on: recall?.value ?? Number.NaN };
  },
};

import { AssertionError } from "node:assert";
import type { VectorStore } from "@binnacle/core";
import fc from "fast-check";
import { followModel } from "../../../../packages/retriever/src/stores/shared/fixtures/follow-model.ts";
import { modelSteps } from "../../../../packages/retriever/src/stores/shared/fixtures/model-steps.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { storesMissing, withStores } from "./opened-stores.ts";

/** 200,000 on the embedded stores, 5,000 on the server. */
const operations = { memory: 150_000, sqlite: 50_000, qdrant: 5_000 } as const;
const listsAtOnce = 200;

/** SB-M1: random operations on a store and on a plain map. */
export const againstModel: Experiment = {
  title: "random operations on every store beside a plain map",
  missing: storesMissing,
  run: ({ seed, share }) =>
    withStores(async (stores) => {
      const figures = [];
      for (const { name, store } of stores) {
        const { done, divergences } = await run(store, operations[name] * share, seed);
        figures.push(
          exactly(`divergences in ${name}`, divergences, 0, "runs"),
          shown(`operations in ${name}`, done, "operations"),
        );
      }
      return figures;
    }),
};

async function run(
  store: VectorStore,
  wanted: number,
  seed: number,
): Promise<{ readonly done: number; readonly divergences: number }> {
  let [done, divergences, lists] = [0, 0, 0];
  for (let part = 0; done < wanted; part++) {
    for (const steps of fc.sample(modelSteps, { numRuns: listsAtOnce, seed: seed + part })) {
      if (done >= wanted) break;
      try {
        await followModel(store, steps, `model-${lists++}`);
      } catch (error) {
        if (!(error instanceof AssertionError)) throw error;
        divergences += 1;
        console.error(`reliability: M1 list ${lists - 1} of seed ${seed}: ${error.message}`);
      }
      done += steps.length;
    }
  }
  return { done, divergences };
}

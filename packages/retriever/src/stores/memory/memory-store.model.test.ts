import fc from "fast-check";
import { inject, test } from "vitest";
import { followModel } from "../shared/fixtures/follow-model.ts";
import { modelSteps } from "../shared/fixtures/model-steps.ts";
import { MemoryStore } from "./memory-store.ts";

test("finds and counts the same points as a walk over a plain map, after any writes", async () => {
  await fc.assert(
    fc.asyncProperty(modelSteps, async (steps) => {
      const store = new MemoryStore();
      await followModel(store, steps, "model");
      await store.close();
    }),
    { numRuns: 300 * inject("propertyShare"), endOnFailure: true },
  );
});

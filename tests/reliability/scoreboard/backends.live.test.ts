import { expect, test } from "vitest";
import { experiments } from "./experiments.ts";

// The experiments of `npm run reliability` with shorter outages. Asserts only figures that a slow machine
// cannot change.
const seed = Number(process.env["BINNACLE_SEED"] ?? 7);

for (const row of ["B1", "B2", "B3", "B4", "B5", "L1", "L2"]) {
  const experiment = await experiments[row]?.();
  test(`keeps its counts right under: ${experiment?.title} (SB-${row})`, { timeout: 120_000 }, async () => {
    const figures = (await experiment?.run({ seed, outageMs: 3_000, share: 0.02 })) ?? [];
    const wrong = figures.filter(({ isCorrectness = false, ok = true }) => isCorrectness && !ok);
    expect(figures.length).toBeGreaterThan(2);
    expect(wrong).toEqual([]);
  });
}

import { expect, test } from "vitest";
import { experiments } from "./experiments.ts";

// The experiments of `npm run reliability` with shorter outages. Asserts only figures that a slow machine
// cannot change.
const seed = Number(process.env["BINNACLE_SEED"] ?? 7);

for (const row of ["R1", "R2", "R3", "R4", "R5", "R6"]) {
  const experiment = await experiments[row]?.();
  const missing = experiment === undefined ? "no such row" : await experiment.missing();
  const reason = missing === undefined ? "" : ` (skipped: ${missing})`;
  test.skipIf(missing !== undefined)(
    `keeps its counts right under: ${experiment?.title} (SB-${row})${reason}`,
    { timeout: 120_000 },
    async () => {
      const figures = (await experiment?.run({ seed, outageMs: 3_000, share: 1 })) ?? [];
      const wrong = figures.filter(({ isCorrectness = false, ok = true }) => isCorrectness && !ok);
      expect(figures.length).toBeGreaterThan(2);
      expect(wrong).toEqual([]);
    },
  );
}

import { expect, test } from "vitest";
import { experiments } from "./experiments.ts";

// A small share of what `npm run reliability` runs. Only what a slow machine cannot change is asserted.
const seed = Number(process.env["BINNACLE_SEED"] ?? 7);

for (const row of ["Q2", "Q3", "Q4", "Q5", "Q6", "V1", "V2", "V3", "V4", "T1", "T3", "M1", "M2"]) {
  const experiment = await experiments[row]?.();
  const missing = experiment === undefined ? "no such row" : await experiment.missing();
  const reason = missing === undefined ? "" : ` (skipped: ${missing})`;
  test.skipIf(missing !== undefined)(
    `SB-${row}: it keeps its counts right under: ${experiment?.title}${reason}`,
    { timeout: 180_000 },
    async () => {
      const figures = (await experiment?.run({ seed, outageMs: 3_000, share: 0.01 })) ?? [];
      const wrong = figures.filter(({ isCorrectness = false, ok = true }) => isCorrectness && !ok);
      expect(figures.length).toBeGreaterThan(1);
      expect(wrong).toEqual([]);
    },
  );
}

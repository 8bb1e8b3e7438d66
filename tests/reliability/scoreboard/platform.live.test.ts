import { expect, test } from "vitest";
import { experiments } from "./experiments.ts";

// The experiments of `npm run reliability -- --suite platform` that take the least time, with short outages. The
// guard has its own matrix of routes and keys.
for (const row of ["P1", "P3", "P4", "P6", "P7", "L3", "O1"]) {
  const experiment = await experiments[row]?.();
  const missing = experiment === undefined ? "no such row" : await experiment.missing();
  const reason = missing === undefined ? "" : ` (skipped: ${missing})`;
  test.skipIf(missing !== undefined)(
    `keeps its promises under: ${experiment?.title} (SB-${row})${reason}`,
    { timeout: 120_000 },
    async () => {
      const figures = (await experiment?.run({ seed: 7, outageMs: 1_500, share: 0.1 })) ?? [];
      const wrong = figures.filter(({ isCorrectness = false, ok = true }) => isCorrectness && !ok);
      expect(figures.length).toBeGreaterThan(2);
      expect(wrong).toEqual([]);
    },
  );
}

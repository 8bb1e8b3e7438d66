import { expect, test } from "vitest";
import { experiments } from "./experiments.ts";

// The experiments of `npm run reliability -- --suite k8s` that take the least time, with shorter outages.
// K13 runs only there: it once counted differences, and one run without any is too few to trust it.
for (const row of ["K3", "K7", "K8", "K12"]) {
  const experiment = await experiments[row]?.();
  const missing = experiment === undefined ? "no such row" : await experiment.missing();
  const reason = missing === undefined ? "" : ` (skipped: ${missing})`;
  test.skipIf(missing !== undefined)(
    `keeps index and cluster equal under: ${experiment?.title} (SB-${row})${reason} (T43)`,
    { timeout: 180_000 },
    async () => {
      const figures = (await experiment?.run({ seed: 7, outageMs: 2_000, share: 0.1 })) ?? [];
      const wrong = figures.filter(({ isCorrectness = false, ok = true }) => isCorrectness && !ok);
      expect(figures.length).toBeGreaterThan(1);
      expect(wrong).toEqual([]);
    },
  );
}

import { defineConfig, type ViteUserConfig } from "vitest/config";
import { SkippedTests } from "./tests/setup/skipped-tests.ts";

const conditions = ["@binnacle/source", "node"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};
/**
 * Property tests run at a fifth of their size by default; `long` is the whole size, a number any other share.
 */
function propertyShare(): number {
  const size = process.env["BINNACLE_TEST_RUNS"] ?? "quick";
  const share = size === "quick" ? 0.2 : size === "long" ? 1 : Number(size);
  if (share > 0) return share;
  throw new RangeError(`BINNACLE_TEST_RUNS must be quick, long or a number above 0, got "${size}"`);
}

/** `.ci/run` counts the tests from these. */
function jsonReport(): [] | [["json", { outputFile: string }]] {
  const outputFile = process.env["BINNACLE_TEST_REPORT"];
  return outputFile === undefined ? [] : [["json", { outputFile }]];
}

declare module "vitest" {
  interface ProvidedContext {
    /** The share of its stated runs that a property test makes. */
    propertyShare: number;
  }
}

const everywhere = {
  execArgv: ["--conditions=@binnacle/source"],
  provide: { propertyShare: propertyShare() },
  setupFiles: ["tests/setup/property-runs.ts"],
};
const roots = ["packages/*/src", "examples/*/src", "tests"];

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ["default", new SkippedTests(), ...jsonReport()],
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: roots.map((root) => `${root}/**/*.test.ts`),
          exclude: ["**/*.live.test.ts", "**/node_modules/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          // A worker runs many files and loads the packages once. A test that replaces anything gets it back.
          isolate: false,
          maxWorkers: "100%",
          restoreMocks: true,
          unstubEnvs: true,
          ...everywhere,
        },
      },
      {
        ...shared,
        test: {
          name: "live",
          include: roots.map((root) => `${root}/**/*.live.test.ts`),
          exclude: ["**/node_modules/**"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          ...everywhere,
        },
      },
    ],
  },
});

export default config;

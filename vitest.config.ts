import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["@binnacle/source", "node"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};
const roots = ["packages/*/src", "examples/*/src", "tests"];

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: roots.map((root) => `${root}/**/*.test.ts`),
          exclude: ["**/*.live.test.ts", "**/node_modules/**"],
          testTimeout: 30_000,
          execArgv: ["--conditions=@binnacle/source"],
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
          execArgv: ["--conditions=@binnacle/source"],
        },
      },
    ],
  },
});

export default config;

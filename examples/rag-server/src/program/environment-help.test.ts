import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readEnvironment } from "../environment.ts";
import { environmentHelp, environmentVariables } from "./environment-help.ts";

test("names every variable that the commands read, and no other (T4)", () => {
  const read = new Set<string>();
  const environment = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_, name) => {
        read.add(String(name));
        return String(name).endsWith("REDIS_URL")
          ? "redis://localhost"
          : String(name).endsWith("_URL")
            ? "http://localhost"
            : "";
      },
    },
  );
  readEnvironment(environment);
  read.add("BINNACLE_API_KEYS"); // which only `serve` reads
  expect([...read].sort()).toEqual(Object.keys(environmentVariables).sort());
  for (const name of read) expect(environmentHelp()).toContain(`  ${name} `);
  expect(
    Math.max(
      ...environmentHelp()
        .split("\n")
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(80);
});

test("names the same variables as the README", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("## Environment"));
  for (const name of Object.keys(environmentVariables)) {
    const suffix = /^BINNACLE_(?:LLM|EMBED)(_.+)$/.exec(name)?.[1];
    expect(table).toContain(suffix ?? name);
  }
});

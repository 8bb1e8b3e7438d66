import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { importsOf } from "./source-graph.ts";
import { readPackages, repository } from "./workspace.ts";

// The folders that hold drivers. A folder named `shared` or `parsing` holds code that several drivers use.
const homes = ["retriever/src/{stores,caches,manifests,sources}", "inference/src/backends"] as const;
const folders = homes
  .flatMap((home) => globSync(`packages/${home}/*/`, { cwd: repository }))
  .map((folder) => folder.replace(/\/$/, ""))
  .filter((folder) => !/\/(shared|parsing)$/.test(folder))
  .sort();

const entrySources = readPackages().flatMap(({ entries }) => entries.map(({ source }) => source));
const textOf = (file: string) => readFileSync(repository + file, "utf8");

test("finds the drivers", () => {
  expect(folders).toContain("packages/retriever/src/stores/memory");
  expect(folders).toContain("packages/inference/src/backends/llama-cpp");
});

test.each(folders)("exports %s at its own subpath or from the root", (folder) => {
  const index = `${folder}/index.ts`;
  expect(existsSync(repository + index)).toBe(true);
  const root = `${folder.split("/src/")[0]}/src/index.ts`;
  const byRoot = existsSync(repository + root) && importsOf([root]).some(({ to }) => to === index);
  expect(byRoot || entrySources.includes(index)).toBe(true);
  expect(textOf(index)).toMatch(/export \{/);
});

test.each(folders)("exports the type of the options of %s and checks them with parseOptions", (folder) => {
  expect(textOf(`${folder}/index.ts`)).toMatch(/type \w+Options\b/);
  const sources = globSync(`${folder}/**/*.ts`, { cwd: repository }).map(textOf);
  expect(sources.some((text) => text.includes("parseOptions("))).toBe(true);
});

test.each(folders)("runs the contract of the interface of %s", (folder) => {
  const tests = globSync(`${folder}/**/*.test.ts`, { cwd: repository }).map(textOf);
  const contracts = tests.filter(
    (text) => /\w+Contract\(/.test(text) && text.includes("@binnacle/core/testing"),
  );
  expect(contracts).not.toEqual([]);
});

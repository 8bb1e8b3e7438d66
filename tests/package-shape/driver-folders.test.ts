import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { importsOf } from "./source-graph.ts";
import { readPackages, repository } from "./workspace.ts";

// Where drivers live. A folder named `shared` or `parsing` holds what several of them use.
const homes = ["retriever/src/{stores,caches,manifests,sources}", "inference/src/backends"] as const;
const folders = homes
  .flatMap((home) => globSync(`packages/${home}/*/`, { cwd: repository }))
  .map((folder) => folder.replace(/\/$/, ""))
  .filter((folder) => !/\/(shared|parsing)$/.test(folder))
  .sort();

const entrySources = readPackages().flatMap(({ entries }) => entries.map(({ source }) => source));
const textOf = (file: string) => readFileSync(repository + file, "utf8");

test("the drivers are found", () => {
  expect(folders).toContain("packages/retriever/src/stores/memory");
  expect(folders).toContain("packages/inference/src/backends/llama-cpp");
});

test.each(folders)("%s is exported: at a subpath of its own, or by the root", (folder) => {
  const index = `${folder}/index.ts`;
  expect(existsSync(repository + index)).toBe(true);
  const root = `${folder.split("/src/")[0]}/src/index.ts`;
  const byRoot = existsSync(repository + root) && importsOf([root]).some(({ to }) => to === index);
  expect(byRoot || entrySources.includes(index)).toBe(true);
  expect(textOf(index)).toMatch(/export \{/);
});

test.each(folders)("%s exports the type of its options and checks them with parseOptions", (folder) => {
  expect(textOf(`${folder}/index.ts`)).toMatch(/type \w+Options\b/);
  const sources = globSync(`${folder}/**/*.ts`, { cwd: repository }).map(textOf);
  expect(sources.some((text) => text.includes("parseOptions("))).toBe(true);
});

test.each(folders)("%s runs the contract of its kind", (folder) => {
  const tests = globSync(`${folder}/**/*.test.ts`, { cwd: repository }).map(textOf);
  const contracts = tests.filter(
    (text) => /\w+Contract\(/.test(text) && text.includes("@binnacle/core/testing"),
  );
  expect(contracts).not.toEqual([]);
});

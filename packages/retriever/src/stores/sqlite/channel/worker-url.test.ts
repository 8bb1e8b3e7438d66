import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { workerUrl } from "./worker-url.ts";

test("finds the worker beside the source", () => {
  expect(workerUrl().pathname).toMatch(/stores\/sqlite\/sqlite\.worker\.ts$/);
});

test("finds the built worker from the store's entry and from a shared chunk", () => {
  const dist = temporaryFolder();
  const worker = join(dist, "stores", "sqlite", "sqlite.worker.js");
  mkdirSync(join(worker, ".."), { recursive: true });
  writeFileSync(worker, "");
  for (const place of ["chunk-ABC.js", "stores/sqlite/index.js", "stores/sqlite/channel/worker-url.js"]) {
    expect(workerUrl(pathToFileURL(join(dist, place)).href)).toEqual(pathToFileURL(worker));
  }
});

test("says what to do if a bundler omitted the worker", () => {
  const here = pathToFileURL(join(temporaryFolder(), "app.js")).href;
  expect(() => workerUrl(here)).toThrow(/mark it as external/);
});

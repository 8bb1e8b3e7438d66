import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { readPackages, repository } from "./workspace.ts";

const run = promisify(execFile);
const packages = readPackages();

/**
 * Returns all modules that importing this entry loads: repository files as paths, built-in modules as
 * `node:fs`.
 */
async function loadedBy(entry: string): Promise<readonly string[]> {
  const script = `${repository}tests/package-shape/loaded-modules.mjs`;
  const { stdout } = await run(process.execPath, ["--conditions=@binnacle/source", script, entry], {
    cwd: repository,
  });
  const root = pathToFileURL(repository).href;
  return z
    .array(z.string())
    .parse(JSON.parse(stdout))
    .map((url) => url.replace(root, ""));
}

const thirdParty = (loaded: readonly string[]) => [
  ...new Set(loaded.flatMap((url) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])),
];

test("loads only interfaces and errors with the root of core", async () => {
  const loaded = await loadedBy("@binnacle/core");
  expect(loaded).toContain("packages/core/src/errors/binnacle-error.ts");
  expect(
    loaded.filter((url) => !/^packages\/core\/src\/(index|(errors|spec)\/[a-z-]+)\.ts$/.test(url)),
  ).toEqual([]);
});

test("loads zod with the kit, and undici only with the first request", async () => {
  expect(thirdParty(await loadedBy("@binnacle/core/kit"))).toEqual(["zod"]);
});

test("loads no test runner and no other package with core/testing", async () => {
  expect(thirdParty(await loadedBy("@binnacle/core/testing"))).toEqual([]);
});

const roots = packages.flatMap(({ entries }) => entries).filter(({ subpath }) => subpath === ".");
const drivers = packages
  .filter(({ name }) => name !== "@binnacle/core")
  .flatMap(({ entries }) => entries)
  .filter(({ subpath }) => subpath !== ".");

test.each(roots)("loads no driver and no optional peer with $name", async ({ name }) => {
  const loaded = await loadedBy(name);
  expect(loaded.length).toBeGreaterThan(0);
  const driverFolders = drivers.map(({ source }) => source.replace(/[^/]+$/, ""));
  expect(loaded.filter((url) => driverFolders.some((folder) => url.startsWith(folder)))).toEqual([]);
  const peers = packages.flatMap(({ optionalPeers }) => optionalPeers);
  expect(thirdParty(loaded).filter((library) => peers.includes(library))).toEqual([]);
  expect(loaded).not.toContain("node:sqlite");
});

test("loads only zod with the root of retriever; vocabularies, stemmers and undici wait for their use", async () => {
  expect(thirdParty(await loadedBy("@binnacle/retriever"))).toEqual(["zod"]);
});

test.each(drivers)("loads no other driver with $name", async ({ name, source }) => {
  const own = source.replace(/[^/]+$/, "");
  const others = drivers
    .map((driver) => driver.source.replace(/[^/]+$/, ""))
    .filter((folder) => folder !== own);
  const loaded = await loadedBy(name);
  expect(loaded).toContain(source);
  expect(loaded.filter((url) => others.some((folder) => url.startsWith(folder)))).toEqual([]);
});

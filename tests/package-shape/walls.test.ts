import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { findCycles, importsOf, sourceFiles, type Import } from "./source-graph.ts";
import { rooms } from "./walls.ts";
import { readPackages, repository } from "./workspace.ts";

const files = sourceFiles();
const imports = importsOf(files);
const shown = ({ from, specifier }: Import) => `${from} imports ${specifier}`;

/** Folders with their own subpath export, except core's. */
const drivers = readPackages()
  .filter(({ name }) => name !== "@binnacle/core")
  .flatMap(({ entries }) => entries)
  .filter(({ subpath }) => subpath !== ".")
  .map(({ source }) => `${posix.dirname(source)}/`);

const driverOf = (file: string) => drivers.find((folder) => file.startsWith(folder));

test("finds source files and their imports", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(imports.map(shown)).toContain("packages/core/src/kit/http/undici-transport.ts imports undici");
  expect(imports.filter(({ isOfTypes }) => isOfTypes).map(shown)).toContain(
    "packages/core/src/kit/time/retry.ts imports ../../spec/call-options.ts",
  );
  expect(drivers).toContain("packages/retriever/src/stores/sqlite/");
});

describe("imports", () => {
  test("allows each file only the imports of its room (T1, Q6)", () => {
    const broken = imports.filter(({ from, specifier, to }) => {
      const room = rooms.find((candidate) => candidate.files.test(from));
      return room === undefined || !room.mayImport.test(to ?? specifier);
    });
    expect(broken.map(shown)).toEqual([]);
  });

  test("declares every imported package", () => {
    const undeclared = readPackages().flatMap(({ folder, dependencies, optionalPeers }) => {
      const declared = new Set([...dependencies, ...optionalPeers]);
      return imports.filter(({ from, specifier, to }) => {
        if (!from.startsWith(`${folder}/`) || to !== undefined || specifier.startsWith("node:")) return false;
        return !declared.has(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? "");
      });
    });
    expect(undeclared.map(shown)).toEqual([]);
  });

  test("imports a driver's folder only from itself: neither from other drivers nor from files that the roots load", () => {
    const broken = imports.filter(({ from, to }) => {
      const driver = to === undefined ? undefined : driverOf(to);
      return driver !== undefined && !from.startsWith(driver);
    });
    expect(broken.map(shown)).toEqual([]);
  });
});

describe("cycles", () => {
  test("finds no files that load each other in a cycle", () => {
    expect(findCycles(imports)).toEqual([]);
  });

  test("finds a cycle if there is one", () => {
    const link = (from: string, to: string, isOfTypes = false) => ({ from, specifier: to, to, isOfTypes });
    const circle = [link("a", "b"), link("b", "c"), link("c", "b"), link("a", "d"), link("d", "a", true)];
    expect(findCycles(circle)).toEqual(["b -> c -> b"]);
  });
});

test("allows only names and no logic in an index", () => {
  const listed = /^(export (type )?\{[^}]*\} from "[^"]+";|export \{\};|\/\/.*|\/\*\*[^]*?\*\/|\s)*$/;
  const broken = files.filter(
    (file) => file.endsWith("/index.ts") && !listed.test(readFileSync(repository + file, "utf8")),
  );
  expect(broken).toEqual([]);
});

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { findCycles, importsOf, sourceFiles, type Import } from "./source-graph.ts";
import { rooms } from "./walls.ts";
import { readPackages, repository } from "./workspace.ts";

const files = sourceFiles();
const imports = importsOf(files);
const shown = ({ from, specifier }: Import) => `${from} imports ${specifier}`;

/** Folders with a subpath export of their own, core's rooms aside. */
const drivers = readPackages()
  .filter(({ name }) => name !== "@binnacle/core")
  .flatMap(({ entries }) => entries)
  .filter(({ subpath }) => subpath !== ".")
  .map(({ source }) => `${posix.dirname(source)}/`);

const driverOf = (file: string) => drivers.find((folder) => file.startsWith(folder));

test("there is source to look at, and its imports are seen", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(imports.map(shown)).toContain("packages/core/src/kit/http/undici-transport.ts imports undici");
  expect(imports.filter(({ isOfTypes }) => isOfTypes).map(shown)).toContain(
    "packages/core/src/kit/time/retry.ts imports ../../spec/call-options.ts",
  );
  expect(drivers).toContain("packages/retriever/src/stores/sqlite/");
});

test("T1, Q6: every file imports only what its room may", () => {
  const broken = imports.filter(({ from, specifier, to }) => {
    const room = rooms.find((candidate) => candidate.files.test(from));
    return room === undefined || !room.mayImport.test(to ?? specifier);
  });
  expect(broken.map(shown)).toEqual([]);
});

test("what a package imports it declares", () => {
  const undeclared = readPackages().flatMap(({ folder, dependencies, optionalPeers }) => {
    const declared = new Set([...dependencies, ...optionalPeers]);
    return imports.filter(({ from, specifier, to }) => {
      if (!from.startsWith(`${folder}/`) || to !== undefined || specifier.startsWith("node:")) return false;
      return !declared.has(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? "");
    });
  });
  expect(undeclared.map(shown)).toEqual([]);
});

test("a driver's folder is imported by itself alone: by no other driver, and by nothing the roots load", () => {
  const broken = imports.filter(({ from, to }) => {
    const driver = to === undefined ? undefined : driverOf(to);
    return driver !== undefined && !from.startsWith(driver);
  });
  expect(broken.map(shown)).toEqual([]);
});

test("no files load each other in a circle", () => {
  expect(findCycles(imports)).toEqual([]);
});

test("a circle would be found", () => {
  const link = (from: string, to: string, isOfTypes = false) => ({ from, specifier: to, to, isOfTypes });
  const circle = [link("a", "b"), link("b", "c"), link("c", "b"), link("a", "d"), link("d", "a", true)];
  expect(findCycles(circle)).toEqual(["b -> c -> b"]);
});

test("an index lists names and holds no logic", () => {
  const listed = /^(export (type )?\{[^}]*\} from "[^"]+";|export \{\};|\/\/.*|\/\*\*[^]*?\*\/|\s)*$/;
  const broken = files.filter(
    (file) => file.endsWith("/index.ts") && !listed.test(readFileSync(repository + file, "utf8")),
  );
  expect(broken).toEqual([]);
});

import { expect, test } from "vitest";
import { folderNames } from "./folder-names.ts";

const names = (...paths: readonly string[]): readonly string[] => [
  ...folderNames(paths.map((path) => ({ id: path, path }))).values(),
];

test("one folder needs no name", () => {
  expect(names("/srv/handbook")).toEqual([]);
});

test("folders are told apart by as little of their paths as that takes", () => {
  expect(names("/srv/north", "/home/me/south")).toEqual(["north", "south"]);
  expect(names("/srv/north/docs", "/srv/south/docs", "/srv/east")).toEqual([
    "north/docs",
    "south/docs",
    "east",
  ]);
  expect(names("/docs", "/srv/docs", "/srv/docs/old")).toEqual(["docs", "srv/docs", "old"]);
});

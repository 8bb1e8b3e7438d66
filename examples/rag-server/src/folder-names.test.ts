import { expect, test } from "vitest";
import { folderNames } from "./folder-names.ts";

const names = (...paths: readonly string[]): readonly string[] => [
  ...folderNames(paths.map((path) => ({ id: path, path }))).values(),
];

test("gives no name to a single folder", () => {
  expect(names("/srv/handbook")).toEqual([]);
});

test("names folders by the shortest distinct ends of their paths", () => {
  expect(names("/srv/north", "/home/me/south")).toEqual(["north", "south"]);
  expect(names("/srv/north/docs", "/srv/south/docs", "/srv/east")).toEqual([
    "north/docs",
    "south/docs",
    "east",
  ]);
  expect(names("/docs", "/srv/docs", "/srv/docs/old")).toEqual(["docs", "srv/docs", "old"]);
});

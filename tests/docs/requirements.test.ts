import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPage, repository } from "./pages.ts";

type Status = "shown by" | "partly" | "docs only" | "not yet";

interface Requirement {
  readonly row: string;
  readonly status: string;
  /** Test files that the row names. */
  readonly files: readonly string[];
  readonly links: readonly string[];
}

const statuses: readonly Status[] = ["shown by", "partly", "docs only", "not yet"];
const through = (letter: string, last: number): readonly string[] =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);

const table: readonly Requirement[] = readPage("docs/requirements.md")
  .split("\n")
  .filter((line) => /^\| [TQ]\d/.test(line))
  .map((line) => {
    const [, row = "", , status = "", where = ""] = line.split("|").map((cell) => cell.trim());
    return {
      row,
      status,
      files: [...where.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file = ""]) => file),
      links: [...where.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target),
    };
  });

/** Requirement rows by test file. A title ends or begins with its rows, as in `"… (T31, T33)"`. */
const titled: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  globSync(["packages/*/src/**/*.test.ts", "examples/*/src/**/*.test.ts", "tests/**/*.test.ts"], {
    cwd: repository,
    exclude: ["**/node_modules/**"],
  }).map((file) => [file, rowsIn(readFileSync(join(repository, file), "utf8"))]),
);

function rowsIn(source: string): ReadonlySet<string> {
  const titles = source.matchAll(
    /["'`]((?:[A-Z]\d+, )*[A-Z]\d+): | \(((?:[A-Z]\d+, )*[A-Z]\d+)\)(?:\$\{\w+\})?["'`][,)]/g,
  );
  return new Set([...titles].flatMap(([, first, last]) => (first ?? last ?? "").split(", ")));
}

test("has every row of the two briefs once, in order, with a status", () => {
  expect(table.map(({ row }) => row)).toEqual([...through("T", 65), ...through("Q", 62)]);
  expect(table.filter(({ status }) => !statuses.some((one) => one === status))).toEqual([]);
});

test("has tests for a row that is shown, a page for one that is docs only, and no test for a missing one", () => {
  for (const { row, status, files, links } of table) {
    if (status === "shown by") expect(files, row).not.toEqual([]);
    if (status === "docs only") expect(links, row).not.toEqual([]);
    if (status === "not yet") expect(files, row).toEqual([]);
  }
});

test("names only test files that exist and have the row in a title", () => {
  const wrong = table.flatMap(({ row, files }) =>
    files.filter((file) => !titled.get(file)?.has(row)).map((file) => `${row}: ${file}`),
  );
  expect(wrong).toEqual([]);
});

test("finds no test with a missing or unknown row", () => {
  const known = new Map(table.map(({ row, status }) => [row, status]));
  const wrong = [...titled].flatMap(([file, rows]) =>
    [...rows]
      .filter((row) => /^[TQ]/.test(row) && ["not yet", undefined].includes(known.get(row)))
      .map((row) => `${row}: ${file}`),
  );
  expect(wrong).toEqual([]);
});

test("reads the rows at either end of a title", () => {
  const source =
    'test("T31, Q9: a promise", run); test(`R1: ${n} kills`); test("keeps it (T1, T3)", run); f("no row: T3")';
  expect([...rowsIn(source)]).toEqual(["T31", "Q9", "R1", "T1", "T3"]);
});

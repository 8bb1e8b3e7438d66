import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesReachedFrom, sourceFiles } from "./source-graph.ts";
import { repository } from "./workspace.ts";

/** Matches a constant of a module whose schema is built, or whose computed pattern is compiled, at import. */
const workAtImport =
  /^(?:export )?const \w+(?:: [^=]+(?:=>[^=]+)?)? =\s+(?:z\s*\.|part<|part\(|new RegExp\()/gm;

test("builds schemas and computed patterns on first use in all files that the retriever's root loads", () => {
  const files = [
    ...filesReachedFrom("packages/retriever/src/index.ts"),
    ...sourceFiles().filter((file) => /^packages\/core\/src\/(?:kit|stores)\//.test(file)),
  ];
  const found = files.flatMap((file) =>
    Array.from(
      readFileSync(repository + file, "utf8").matchAll(workAtImport),
      ([line]) => `${file}: ${line}`,
    ),
  );
  expect(found).toEqual([]);
});

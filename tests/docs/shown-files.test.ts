import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.ts";
import { readPage, readerPages, repository } from "./pages.ts";

/** Blocks that name a file, such as `ts bench/src/from-langchain/search.ts`. */
const shown = readerPages().flatMap((page) =>
  codeBlocks(readPage(page)).flatMap(({ info, code }) => {
    const [, file] = /^ts (\S+\/\S+\.ts)$/.exec(info) ?? [];
    return file === undefined ? [] : [{ page, file, code }];
  }),
);

test("finds the blocks that show a file", () => {
  expect(shown.map(({ file }) => file)).toContain("bench/src/from-langchain/search.ts");
});

// The typecheck of `bench/` compiles these files, because only `bench/` installs LangChain.
test.each(shown)("shows $file on $page as it is", ({ file, code }) => {
  expect(code).toBe(readFileSync(join(repository, file), "utf8"));
});

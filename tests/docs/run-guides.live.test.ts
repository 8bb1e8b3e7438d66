import { globSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { examplesOf, type Example } from "./code-blocks.ts";
import { readPage, readerPages, repository } from "./pages.ts";
import { createReaderFolder } from "./reader-folder.ts";

/** Needs a model server or Redis, which a guide cannot start. The README's own lines are run by the live suite. */
const needsServer = (code: string): boolean =>
  /@binnacle\/(inference|retriever\/(redis|qdrant))\b/.test(code);

const onPages: readonly Example[] = readerPages().flatMap((page) => examplesOf(page));
const inReference: readonly Example[] = globSync("docs/examples/*.ts", { cwd: repository })
  .sort()
  .map((page) => ({ page, line: 1, code: readPage(page) }));
const examples = [...onPages, ...inReference].filter(({ code }) => !needsServer(code));

test("what cannot be run without a model server is the exception", () => {
  expect(examples.length).toBeGreaterThan((onPages.length + inReference.length) / 2);
});

test("T65: a reader can run one page after the other in one folder", async () => {
  const reader = await createReaderFolder();
  onTestFinished(reader.remove);
  for (const { page, line, code } of examples) {
    await expect(reader.run(code), `${page}:${line}`).resolves.toBeTypeOf("string");
  }
}, 120_000);

test.each(examples)(
  "T65: $page:$line runs as it stands and prints what it says",
  async ({ code, output }) => {
    const reader = await createReaderFolder();
    onTestFinished(reader.remove);
    const printed = await reader.run(code);
    if (output !== undefined) expect(printed).toBe(output);
  },
);

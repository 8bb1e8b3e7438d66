import { globSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { examplesOf, type Example } from "./code-blocks.ts";
import { readPage, readerPages, repository } from "./pages.ts";
import { createReaderFolder } from "./reader-folder.ts";

/**
 * Returns true if the code needs a model server, another server, a cluster or a model's file. The README's own
 * lines are run by the live suite.
 */
const needsServer = (code: string): boolean =>
  /@binnacle\/(inference|k8s-sync|retriever\/(redis|qdrant|huggingface))\b/.test(code);

const onPages: readonly Example[] = readerPages().flatMap((page) => examplesOf(page));
const inReference: readonly Example[] = globSync("docs/examples/*.ts", { cwd: repository })
  .sort()
  .map((page) => ({ page, line: 1, code: readPage(page) }));
const examples = [...onPages, ...inReference].filter(({ code }) => !needsServer(code));

test("has mostly examples that run without a model server", () => {
  expect(examples.length).toBeGreaterThan((onPages.length + inReference.length) / 2);
});

test("runs one page after the other in one folder (T65)", async () => {
  const reader = await createReaderFolder();
  onTestFinished(reader.remove);
  for (const { page, line, code } of examples) {
    await expect(reader.run(code), `${page}:${line}`).resolves.toBeTypeOf("string");
  }
}, 120_000);

test.each(examples)(
  "prints the output that the page gives at $page:$line (T65)",
  async ({ code, output }) => {
    const reader = await createReaderFolder();
    onTestFinished(reader.remove);
    const printed = await reader.run(code);
    if (output !== undefined) expect(printed).toBe(output);
  },
);

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { codeBlocks, examplesOf, firstExample, type CodeBlock } from "../docs/code-blocks.ts";
import { readPage, repository } from "../docs/pages.ts";
import { createReaderFolder, type ReaderFolder } from "../docs/reader-folder.ts";
import { llamaServerMissing, startLlamaServer } from "../servers/llama-server.ts";

const blocks = codeBlocks(readPage("README.md"));
const missing = await llamaServerMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const shell = (command: string, cwd: string) => promisify(execFile)("bash", ["-euc", command], { cwd });

describe("the README", () => {
  test("has an app of at most 15 lines that needs no server, and it prints what the page says", async () => {
    const app = firstExample("README.md");
    expect(app.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
    const reader = await readerFolder();
    expect(await reader.run(app)).toBe(printedAfter(app));
  });

  test("shows the first answer of the demo as the demo prints it", async () => {
    const reader = await readerFolder();
    const demo = `npm run --silent demo -- --once --data ${reader.path}/demo`;
    const { stdout } = await shell(demo, repository);
    expect(stdout).toContain(blocks.find(({ code }) => code.startsWith("> "))?.code);
  });

  test("has command lines that run without a change", async () => {
    const reader = await readerFolder();
    const lines = shellLines().filter((line) => !line.includes(" serve"));
    expect(lines.length).toBeGreaterThan(3);
    const { stdout } = await shell(
      `exec </dev/null; ln -s handbook your-folder; ${lines.join("\n")}`,
      reader.path,
    );
    expect(stdout).toMatch(/^\+2 ~0 -0 documents/);
    expect(stdout).toMatch(/^equal /m);
    expect(stdout).toMatch(/^\+0 ~0 -2 documents/m);
  });

  // The servers listen at the addresses that a reader types.
  test.skipIf(missing !== undefined)(`streams a model's answer (T46, T47)${because}`, async () => {
    const reader = await readerFolder();
    vi.stubEnv("OPENAI_API_KEY", "not-a-key");
    const chat = await startLlamaServer({ kind: "chat", port: 8080 });
    onTestFinished(chat.close);
    const [whole] = examplesOf("README.md");
    const printed = await reader.run(whole?.code ?? "");
    expect(printed).toContain("[1] leave.txt:0-43\n");
    expect(printed).toMatch(/90 days/);
  });
});

async function readerFolder(): Promise<ReaderFolder> {
  const reader = await createReaderFolder();
  onTestFinished(reader.remove);
  return reader;
}

/** The `text` block after a block of code. */
function printedAfter(code: string): string | undefined {
  return blocks[blocks.findIndex((block: CodeBlock) => block.code === code) + 1]?.code;
}

function shellLines(): readonly string[] {
  const block = blocks.find(({ code }) => code.startsWith("npx binnacle-rag"));
  return block?.code.trimEnd().split("\n") ?? [];
}

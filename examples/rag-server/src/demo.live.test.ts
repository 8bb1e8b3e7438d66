import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../tests/servers/llama-server.ts";
import { handbook } from "./testing/handbook.ts";
import { runProgram, type ProgramResult } from "./testing/run-program.ts";
import { temporaryFolder, type TemporaryFolder } from "./testing/temporary-folder.ts";

const source = z.object({ number: z.int(), documentId: z.string(), start: z.int(), end: z.int() });
const answerSchema = z.object({
  question: z.string(),
  answer: z.string(),
  mode: z.string(),
  citations: z.array(source.extend({ text: z.string() })),
  sources: z.array(source),
});

const bundled = resolve(import.meta.dirname, "../handbook");
const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`the demo with real model servers${because}`, () => {
  let [llm, embed]: (LlamaServer | undefined)[] = [];
  let data: TemporaryFolder;
  const demo = (...args: string[]) =>
    runProgram("demo", ["--once", "--data", data.path, ...args], {
      BINNACLE_LLM_URL: llm?.url,
      BINNACLE_EMBED_URL: embed?.url,
    });

  beforeAll(async () => {
    data = await temporaryFolder();
    [llm, embed] = await Promise.all([
      startLlamaServer({ kind: "chat", args: ["--no-webui"] }),
      startLlamaServer({ kind: "embed", args: ["--no-webui"] }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([llm?.close(), embed?.close(), data.dispose()]);
  });

  test("answers its own question from the bundled handbook (T46)", async () => {
    const shown = await demo();
    expect(shown).toMatchObject({ status: 0, stderr: "" });
    expect(shown.stdout).toMatch(/\+12 ~0 -0 documents, [1-9]\d* embeddings, 0 failures/);
    expect(shown.stdout).toMatch(/Indexing it again\s+0 embeddings, 0 writes/);
    expect(shown.stdout).not.toContain("No model is in use");

    const reply = replyOf(await demo("--json"));
    expect(reply).toMatchObject({ mode: "generated", answer: expect.stringContaining("28") });
    const [best] = reply.sources;
    const page = await readFile(join(bundled, best?.documentId ?? ""), "utf8");
    expect(page.slice(best?.start, best?.end)).toContain("28 days of paid vacation");
  });

  test("answers a question about another folder, with exact citations (Q44, T46)", async () => {
    const docs = await temporaryFolder(handbook);
    const other = await temporaryFolder();
    const args = ["--docs", docs.path, "--data", other.path, "--ask", "When are backups taken?", "--json"];
    const reply = replyOf(await demo(...args));
    expect(reply.mode).toBe("generated");
    expect(reply.answer).toContain("02:30");
    expect(reply.citations.map(({ documentId }) => documentId)).toContain("backups.md");
    for (const { documentId, start, end, text } of reply.citations) {
      expect(handbook[documentId]?.slice(start, end)).toBe(text);
    }
    await Promise.all([docs.dispose(), other.dispose()]);
  });
});

function replyOf({ status, stdout }: ProgramResult): z.output<typeof answerSchema> {
  expect(status).toBe(0);
  return answerSchema.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
}

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

const citation = z.object({
  number: z.int(),
  documentId: z.string(),
  start: z.int(),
  end: z.int(),
  text: z.string(),
});
const answerSchema = z.object({
  question: z.string(),
  answer: z.string(),
  mode: z.string(),
  citations: z.array(citation),
});

const repository = resolve(import.meta.dirname, "../../..");
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

  // What a small model makes of pages that are edited every day is not asserted, only that its citations are exact.
  test("T46: the demo answers its own question from this repository", { timeout: 300_000 }, async () => {
    const shown = await demo();
    expect(shown.status).toBe(0);
    // A model that writes on and on is cut, or stopped where it goes in circles, and that is said.
    expect(shown.stderr).toMatch(/^((The answer is cut|The model repeated itself).*\n)?$/);
    expect(shown.stdout).toMatch(/documents, [1-9]\d* embeddings, 0 failures/);
    expect(shown.stdout).toMatch(/Indexing it again\s+0 embeddings, 0 writes/);
    expect(shown.stdout).not.toContain("No model is in use");

    const reply = replyOf(await demo("--json"));
    expect(reply.mode).toBe("generated");
    for (const { documentId, start, end, text } of reply.citations) {
      const document = await readFile(join(repository, documentId), "utf8");
      expect(document.slice(start, end)).toBe(text);
    }
  });

  test("Q44, T46: a question to another folder is answered by the model, with exact citations", async () => {
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

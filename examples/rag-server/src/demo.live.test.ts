import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../tests/servers/llama-server.ts";
import { runProgram } from "./testing/run-program.ts";
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
  citations: z.array(citation).min(1),
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

  test("Q44, T46: its own question is answered by the model from this repository, with exact citations", async () => {
    const shown = await demo();
    expect(shown).toMatchObject({ status: 0, stderr: "" });
    expect(shown.stdout).toMatch(/documents, [1-9]\d* embeddings, 0 failures/);
    expect(shown.stdout).toMatch(/Indexing it again\s+0 embeddings, 0 writes/);
    expect(shown.stdout).not.toContain("No model is in use");

    const { status, stdout } = await demo("--json");
    expect(status).toBe(0);
    const reply = answerSchema.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
    expect(reply.mode).toBe("generated");
    expect(reply.answer).toContain("reciprocal rank");
    for (const { documentId, start, end, text } of reply.citations) {
      const document = await readFile(join(repository, documentId), "utf8");
      expect(document.slice(start, end)).toBe(text);
    }
    expect(reply.citations.map(({ documentId }) => documentId)).toContain("docs/guides/retrieval.md");
  });
});

import type { Retrieval } from "@binnacle/core";
import { generateText, stepCountIs } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { describe, expect, test } from "vitest";
import { createChunker } from "../chunking/create-chunker.ts";
import { createIndexer } from "../indexing/create-indexer.ts";
import { defineIndex } from "../indexing/options/define-index.ts";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { createBm25Encoder } from "../sparse/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { toAISDK } from "./ai-sdk/to-ai-sdk.ts";
import { toLangChain } from "./langchain/to-langchain.ts";

const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

async function retrieverOf() {
  const store = new MemoryStore();
  const index = defineIndex({
    name: "notes",
    chunker: await createChunker(),
    sparse: createBm25Encoder(),
    fields: { team: "keyword" },
  });
  await createIndexer({ store, index }).upsert([
    { id: "backups", title: "Backups", text: "Backups are taken at 02:30.", metadata: { team: "ops" } },
    { id: "secret", text: "Backups of the payroll are at 03:00.", metadata: { team: "pay" } },
  ]);
  return createRetriever({ store, index });
}

describe("toAISDK", () => {
  test("gives a model a search tool, with the app's filter and not the model's", async () => {
    const retrievals: Retrieval[] = [];
    const search = toAISDK(await retrieverOf(), {
      description: "Searches the notes.",
      filter: { team: "ops" },
      onRetrieval: (retrieval) => retrievals.push(retrieval),
    });
    const usage = {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    };
    const model = new MockLanguageModelV4({
      doGenerate: async ({ prompt }) =>
        prompt.at(-1)?.role === "tool"
          ? {
              content: [{ type: "text", text: "At 02:30 [1]." }],
              finishReason: { unified: "stop", raw: undefined },
              usage,
              warnings: [],
            }
          : {
              content: [
                {
                  type: "tool-call",
                  toolCallId: "1",
                  toolName: "search",
                  input: '{"query":"When are backups taken?"}',
                },
              ],
              finishReason: { unified: "tool-calls", raw: undefined },
              usage,
              warnings: [],
            },
    });
    const { text } = await generateText({
      model,
      prompt: "When?",
      tools: { search },
      stopWhen: stepCountIs(2),
    });
    expect(text).toBe("At 02:30 [1].");
    const result = JSON.stringify(model.doGenerateCalls[1]?.prompt.at(-1));
    expect(result).toContain("Backups are taken at 02:30.");
    expect(result).not.toContain("payroll");
    expect(retrievals.map(({ query }) => query)).toEqual(["When are backups taken?"]);
  });

  test("says that nothing was found, keeps to its budget, and passes on the abort", async () => {
    const search = toAISDK(await retrieverOf(), { description: "Searches the notes.", maxTokens: 5 });
    expect(await search.execute({ query: "zebra" }, {})).toBe("The search found nothing.");
    const abortSignal = AbortSignal.abort(new Error("left"));
    await expect(search.execute({ query: "backups" }, { abortSignal })).rejects.toThrow("left");
  });

  test("names wrong options", async () => {
    const retriever = await retrieverOf();
    expect(() => toAISDK(retriever, raw({ limit: 0 }))).toThrow(/description.*limit/);
    expect(() => toAISDK(raw({}), { description: "d" })).toThrow(/a Retriever/);
  });
});

describe("toLangChain", () => {
  test("returns passages as LangChain's documents, with their place in the source", async () => {
    const retriever = toLangChain(await retrieverOf(), { filter: { team: "ops" }, limit: 3 });
    const documents = await retriever.invoke("When are backups taken?");
    expect(documents).toHaveLength(1);
    const [first] = documents;
    expect(first?.pageContent).toContain("Backups are taken at 02:30.");
    expect(first?.metadata).toMatchObject({
      documentId: "backups",
      title: "Backups",
      start: 0,
      metadata: { team: "ops" },
    });
    expect(first?.id).toEqual(expect.any(String));
    await expect(retriever.invoke("a", { signal: AbortSignal.abort(new Error("left")) })).rejects.toThrow(
      "left",
    );
  });
});

import { LlamaCppBackend, LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import {
  createAnswerer,
  createBm25Encoder,
  createChunker,
  createIndexer,
  createRetriever,
  defineIndex,
  MemoryStore,
  nothingAnswersThat,
  type Answerer,
} from "@binnacle/retriever";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { llamaServerMissing, startLlamaServer } from "../servers/llama-server.ts";

const documents = [
  {
    id: "harbour.txt",
    text: "The harbour of Ostrava opens at six in the morning. Ships report to the harbour master by radio on channel twelve.",
  },
  {
    id: "bakery.txt",
    text: "Bread rises in a warm kitchen for two hours. Rye bread takes longer than wheat bread.",
  },
].map((document) => ({ ...document, mediaType: "text/plain", metadata: {} }));

const missing = await llamaServerMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`answers by a real llama-server${because}`, () => {
  const opened: { close(): Promise<void> }[] = [];
  let answerer: Answerer;

  beforeAll(async () => {
    const [chat, embed] = [
      await startLlamaServer({ kind: "chat" }),
      await startLlamaServer({ kind: "embed" }),
    ];
    const [backend, embedder] = [
      new LlamaCppBackend({ url: chat.url }),
      new LlamaCppEmbedder({ url: embed.url, suggestedMinScore: 0.42 }),
    ];
    const store = new MemoryStore();
    opened.push(backend, embedder, store, chat, embed);
    const chunker = await createChunker();
    const index = defineIndex({ name: "town", chunker, sparse: createBm25Encoder(), embedder });
    await createIndexer({ store, index }).upsert(documents);
    const retriever = createRetriever({ store, index });
    answerer = createAnswerer({ retriever, backend, maxTokens: 60, temperature: 0, seed: 1 });
  });

  afterAll(async () => {
    for (const each of opened) await each.close();
  });

  test("embeds, searches, fits the prompt, answers and cites (T46)", async () => {
    const stream = answerer.stream("When does the harbour open?");
    let text = "";
    for await (const event of stream) if (event.type === "text") text += event.text;
    const answer = await stream.result;
    expect(answer).toMatchObject({ mode: "generated", answer: text });
    expect(answer.citations.map(({ documentId }) => documentId)).toContain("harbour.txt");
    for (const { documentId, start, end, text: cited } of answer.citations) {
      expect(documents.find(({ id }) => id === documentId)?.text.slice(start, end)).toBe(cited);
    }
    expect(answer.usage?.promptTokens).toBeGreaterThan(0);
  });

  test("refuses a question that the documents are not about", async () => {
    const answer = await answerer.answer("What is the boiling point of xenon?");
    expect(answer).toMatchObject({ mode: "none", answer: nothingAnswersThat, citations: [] });
    expect(answer.trace.messages).toEqual([]);
  });
});

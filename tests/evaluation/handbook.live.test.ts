import type { Retriever } from "@binnacle/core";
import { LlamaCppBackend } from "@binnacle/inference/llama-cpp";
import {
  createAnswerer,
  createExtractiveAnswerer,
  createRetriever,
  nothingAnswersThat,
  type Answerer,
} from "@binnacle/retriever";
import { FolderSource } from "@binnacle/retriever/folder";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { llamaServerMissing, startLlamaServer } from "../servers/llama-server.ts";
import { indexCorpus } from "./collections.ts";
import { openEmbedder } from "./embedder.ts";

const missing = await llamaServerMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

/** Questions in other words than the handbook's, with the page that answers each. */
const paraphrases = [
  ["How much time off do new parents get?", "parental-leave.md"],
  ["How do I undo a bad release?", "rollback.md"],
  ["Where do I keep credentials?", "secrets.md"],
  ["How quickly do I have to react when I'm woken up by an alarm?", "on-call.md"],
  ["What do I do when the site breaks for our clients?", "incidents.md"],
  ["Somebody took my computer on the train, what now?", "equipment.md"],
  ["Can I bring my puppy?", "office.md"],
  ["How do I get a raise?", "salary.md"],
  ["My friend wants to join us, do I get a reward?", "hiring.md"],
  ["CI is red although I touched nothing", "testing.md"],
] as const;

describe.skipIf(missing !== undefined)(`a handbook searched with all-MiniLM-L6-v2${because}`, () => {
  const opened: { close(): Promise<void> }[] = [];
  let retriever: Retriever;
  let extractive: Answerer;

  beforeAll(async () => {
    const embedder = await openEmbedder();
    if (typeof embedder === "string") throw new Error(embedder);
    const source = new FolderSource({ path: join(import.meta.dirname, "corpora/handbook") });
    const corpus = { name: "handbook", source, questions: [] };
    const { store, index } = await indexCorpus(corpus, embedder.embedder);
    opened.push(store, embedder);
    retriever = createRetriever({ store, index });
    extractive = createExtractiveAnswerer({ retriever });
  });

  afterAll(async () => {
    for (const each of opened) await each.close();
  });

  test("answers at least nine of ten questions in other words than the handbook's (Q45)", async () => {
    const answers = await Promise.all(paraphrases.map(([question]) => extractive.answer(question)));
    const answered = answers.filter(({ mode }) => mode === "extractive");
    expect(answers.length - answered.length).toBeLessThanOrEqual(1);
    for (const { answer, citations, confidence, trace } of answered) {
      expect(answer).not.toBe(nothingAnswersThat);
      expect(citations.length).toBeGreaterThan(0);
      expect(confidence).toBe(trace.relevance.confidence);
    }
    const found = answers.filter(({ trace }, i) =>
      trace.retrieval.passages.some(({ documentId }) => documentId === paraphrases[i]?.[1]),
    );
    expect(found.length).toBeGreaterThanOrEqual(9);
  });

  test.each([
    "What is the capital of France?",
    "What is the boiling point of xenon?",
    "How do I create a topic in Kafka?",
  ])("refuses %j with a reason and the nearest passages (Q45)", async (question) => {
    const { mode, refusal } = await extractive.answer(question);
    expect(mode).toBe("none");
    expect(["unrelated", "unknown-name"]).toContain(refusal?.reason);
    expect(refusal?.nearest.length).toBeGreaterThan(0);
  });

  test("shows a model the passages of a doubtful question, but refuses a clear case without it (Q45)", async () => {
    const server = await startLlamaServer({ kind: "chat" });
    const backend = new LlamaCppBackend({ url: server.url });
    opened.push(backend, server);
    const answerer = createAnswerer({ retriever, backend, maxTokens: 60, seed: 1 });
    const asked = await answerer.answer("How do I undo a bad release?", { limit: 1 });
    expect(asked.trace.messages.length).toBeGreaterThan(0);
    const refused = await answerer.answer("What is the boiling point of xenon?");
    expect(refused).toMatchObject({ mode: "none", answer: nothingAnswersThat });
    expect(refused.trace.messages).toEqual([]);
  });
});

import { FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createRetriever } from "../../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../../retrieval/fixtures/indexed.ts";
import type { Answerer } from "../answer.ts";
import { createAnswerer } from "../create-answerer.ts";
import { createExtractiveAnswerer } from "../create-extractive-answerer.ts";

const documents = [
  textDocument("keys.txt", "Rotate the signing key with the command keyctl rotate on the primary node."),
  textDocument("backups.txt", "Backups run every night at two and are kept for thirty days."),
  ...Array.from({ length: 20 }, (_, i) => textDocument(`${i}.txt`, `Page ${i} tells of harbour ${i}.`)),
];
const lexical = await indexed(documents);
const retriever = createRetriever(lexical);
const answererOf = (reply: string): Answerer =>
  createAnswerer({ retriever, backend: new FakeInferenceBackend({ replies: [reply] }) });
const confidenceIn = async (answerer: Answerer, question: string): Promise<number> =>
  (await answerer.answer(question)).confidence ?? Number.NaN;

test("is higher if the passages have all words of the question close together (Q45)", async () => {
  const answerer = createExtractiveAnswerer({ retriever });
  const all = await confidenceIn(answerer, "How do I rotate the signing key?");
  const some = await confidenceIn(answerer, "When do backups of the database run?");
  expect(all).toBeGreaterThan(some);
  expect(all).toBeLessThan(1);
  expect(some).toBeGreaterThan(0);
});

test("is the same for a written and an extracted answer, and undefined for a refusal (Q45)", async () => {
  const question = "How do I rotate the signing key?";
  const written = await answererOf("With keyctl rotate [1].").answer(question);
  const extracted = await createExtractiveAnswerer({ retriever }).answer(question);
  expect(written.mode).toBe("generated");
  expect(written.confidence).toBe(extracted.confidence);
  const declined = await answererOf("Nothing in these documents answers that.").answer(question);
  expect(declined).toMatchObject({ mode: "none", confidence: undefined });
  const refused = await answererOf("never asked").answer("What is the boiling point of xenon?");
  expect(refused.mode).toBe("none");
  expect(refused.confidence).toBeUndefined();
});

test("uses vectors beside the words, and alone (Q45)", async () => {
  const question = "How do I rotate the signing key?";
  for (const isLexical of [true, false]) {
    const dense = await indexed(documents, { embedder: new FakeEmbedder(), isLexical });
    const answerer = createExtractiveAnswerer({ retriever: createRetriever(dense) });
    expect(await confidenceIn(answerer, question)).toBeGreaterThan(0.5);
    const { mode, trace } = await answerer.answer("What is the boiling point of xenon?");
    expect(mode).toBe("none");
    expect(trace.relevance.confidence).toBeLessThan(0.3);
  }
});

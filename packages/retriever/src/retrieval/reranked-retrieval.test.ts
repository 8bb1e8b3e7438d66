import { InferenceError } from "@binnacle/core";
import { FakeReranker } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createRetriever } from "./create-retriever.ts";
import { indexed, textDocument } from "./fixtures/indexed.ts";

describe("a reranker", () => {
  const shelf = [
    textDocument("often.txt", "rope rope rope rope"),
    textDocument("answer.txt", "A rope holds the anchor in the harbour, and the sail stays down."),
  ];

  const numbered = Array.from({ length: 8 }, (_, each) => textDocument(`${each}.txt`, `page number ${each}`));

  test("orders the passages by its scores, and the trace shows it", async () => {
    const { store, index } = await indexed(shelf);
    const query = "rope anchor harbour";
    const reranker = new FakeReranker();
    const { passages, trace } = await createRetriever({ store, index, reranker }).retrieve(query);
    expect(passages.map(({ documentId, score }) => [documentId, score])).toEqual([
      ["answer.txt", 1],
      ["often.txt", 1 / 3],
    ]);
    expect(trace.rerank).toEqual({ candidates: 2, failed: [], rerankMs: expect.any(Number) });
    expect((await createRetriever({ store, index }).retrieve(query)).trace).not.toHaveProperty("rerank");
  });

  test("scores no more hits than `rerankCandidates`, and its other hits follow", async () => {
    const { store, index } = await indexed(numbered);
    const seen: string[] = [];
    const reranker = new FakeReranker({ onRerank: (_, documents) => void seen.push(...documents) });
    const retriever = createRetriever({ store, index, reranker, rerankCandidates: 2, limit: 3 });
    const { passages } = await retriever.retrieve("number");
    expect(seen).toHaveLength(2);
    expect(passages.flatMap(({ hits }) => hits)).toHaveLength(3);
  });

  test("rejects with its error, or keeps the order if the app wants that", async () => {
    const { store, index } = await indexed(shelf);
    const dead = new InferenceError("refused", { kind: "unreachable", retryable: true });
    const reranker = new FakeReranker({ onRerank: () => Promise.reject(dead) });
    await expect(createRetriever({ store, index, reranker }).retrieve("rope")).rejects.toBe(dead);
    const lenient = createRetriever({ store, index, reranker, onRerankFailure: "keep" });
    const { passages, trace } = await lenient.retrieve("rope");
    expect(passages).toHaveLength(2);
    expect(trace.rerank).toMatchObject({ candidates: 2, error: "inference_unreachable" });
  });

  test("is refused if it is no reranker", async () => {
    const { store, index } = await indexed(shelf);
    const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
    expect(() => createRetriever({ store, index, reranker: raw({}) })).toThrow(/reranker: .*a Reranker/);
  });
});

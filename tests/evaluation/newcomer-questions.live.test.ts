import { createBm25Encoder, createChunker, createExtractiveAnswerer, createIndexer, createRetriever, defineIndex, MemoryStore } from "@binnacle/retriever"; // prettier-ignore
import { FolderSource } from "@binnacle/retriever/folder";
import { expect, test } from "vitest";

/** Questions that a newcomer asks about our guides, with the page and words of a right answer. */
const questions: readonly (readonly [question: string, page: RegExp, answer: RegExp])[] = [
  ["How do tenants work?", /stores|indexing|retrieval/, /tenant/i],
  ["How do I read PDF files?", /sources/, /pdf/i],
  ["Which files does a folder source skip?", /sources/, /node_modules|hidden|gitignore|dot/i],
  ["What happens if a file is not UTF-8?", /sources|errors/, /encoding|guess/i],
  ["How large may a file be?", /sources|errors/, /maxFileBytes|16 MiB/i],
  ["How do I follow changes of a folder?", /sources|indexing/, /follow/i],
  ["What is the default chunk size?", /chunking/, /\d+ tokens|maxTokens/i],
  ["Does a chunk cross a heading?", /chunking/, /heading/i],
  ["How do I use Qdrant?", /stores|growing|getting/, /qdrant/i],
  ["How are vectors cached?", /caching/, /cache/i],
  ["What does the confidence mean?", /answers/, /confidence|probability/i],
  ["When is a question refused?", /answers/, /refuse/i],
  ["How do I stop a running answer?", /answers|http|troubleshooting/, /signal|abort|leav/i],
  ["How do I protect against mass deletion?", /indexing|errors|troubleshooting/, /mass/i],
  ["What does verify compare?", /indexing|stores|troubleshooting/, /compar|verif/i],
  ["How do I rerank hits?", /retrieval|model-servers/, /rerank/i],
  ["How do I filter by metadata?", /retrieval/, /filter/i],
  ["Which model servers are supported?", /model-servers|serving|getting/, /llama|vllm|openai/i],
  ["How do I write my own store driver?", /writing-a-driver|stores/, /contract|driver|interface/i],
  ["How do I re-embed with another model?", /stores|growing|indexing/, /reindex|alias|new collection|embed/i],
];

test("answers most of twenty questions of a newcomer from the guides, without a model (Q45)", async () => {
  const store = new MemoryStore();
  const index = defineIndex({ name: "guides", chunker: await createChunker(), sparse: createBm25Encoder() });
  await createIndexer({ store, index }).sync(new FolderSource({ path: "docs/guides" }));
  const answerer = createExtractiveAnswerer({ retriever: createRetriever({ store, index, limit: 4 }) });
  const rows: string[] = [];
  let right = 0;
  for (const [question, page, words] of questions) {
    const { mode, answer, citations } = await answerer.answer(question);
    const isRight =
      mode === "extractive" &&
      words.test(answer) &&
      citations.some(({ documentId }) => page.test(documentId));
    if (isRight) right += 1;
    const cited = citations[0]?.documentId ?? "-";
    rows.push(
      `${isRight ? "right" : "WRONG"} | ${question} | ${cited} | ${answer.replace(/\s+/g, " ").slice(0, 110)}`,
    );
  }
  console.log(`${rows.join("\n")}\n${right} of ${questions.length} right`);
  expect(right).toBeGreaterThanOrEqual(12);
});

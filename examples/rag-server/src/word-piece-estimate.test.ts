import { tokenizerContract } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createWordPieceEstimate } from "./word-piece-estimate.ts";

const create = () => Promise.resolve(createWordPieceEstimate());
for (const check of tokenizerContract(create, { hasVocabulary: false })) test(check.name, check.run);

// Counts of all-MiniLM-L6-v2, from /tokenize of its llama-server.
test.each([
  ["The on-call engineer answers within fifteen minutes.", 10],
  ["| `--mode hybrid\\\\|dense` | -------------------------------- |", 45],
  ["const retriever = createRetriever({ store, index, limit: 8 });", 21],
  ["Elapsed: 61.71 s for 1,169 pages (9,956 chunks), 2026-11-22T20:33:08Z", 34],
  ["0f3a9b7c41d2e8 mailto:security@example.com", 21],
])("never counts less than the model: %j", (text, tokens) => {
  expect(createWordPieceEstimate().count(text)).toBeGreaterThanOrEqual(tokens);
});

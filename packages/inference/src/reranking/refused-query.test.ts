import { InferenceError, type InferenceErrorKind } from "@binnacle/core";
import { expect, test } from "vitest";
import { createServerReranker } from "./create-server-reranker.ts";

/** Creates a reranker whose server accepts queries and documents up to a length. Counts the requests. */
function reranker(kind: InferenceErrorKind, most: { readonly query: number; readonly document: number }) {
  const sent: (readonly string[])[] = [];
  const driver = createServerReranker({
    server: { label: "test", address: "http://a", maxAttempts: 1, close: () => Promise.resolve() },
    settings: { maxBatchBytes: 1e6, maxItems: 32, requestTimeoutMs: 1e3 },
    ask: () => Promise.resolve({ model: "m", scores: "logit", maxItems: 32, concurrency: 2 }),
    send: (query, documents) => {
      sent.push(documents);
      const isTooLong = query.length > most.query || documents.some(({ length }) => length > most.document);
      if (isTooLong) throw new InferenceError("too long", { kind });
      return Promise.resolve({ scores: documents.map(({ length }) => length) });
    },
  });
  return { driver, sent };
}

const documents = Array.from({ length: 32 }, (_, index) => "x".repeat(index + 1));
const kinds = ["too-long", "invalid-request"] as const;

test.each(kinds)("does not try each document with a query that is refused as %s", async (kind) => {
  const { driver, sent } = reranker(kind, { query: 10, document: 100 });
  await expect(driver.rerank("a query of many words", documents)).rejects.toMatchObject({ kind });
  expect(sent).toHaveLength(2);
});

test.each(kinds)("gives an error only to the document that is refused as %s (Q1)", async (kind) => {
  const { driver, sent } = reranker(kind, { query: 100, document: 31 });
  const { outcomes } = await driver.rerank("query", documents);
  expect(outcomes.slice(0, 31)).toEqual(documents.slice(0, 31).map(({ length }) => length));
  expect(outcomes[31]).toMatchObject({ kind });
  expect(sent.length).toBeLessThan(14);
});

import { BinnacleError, type RerankResult } from "@binnacle/core";
import { FakeReranker } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createRerankerPool } from "./create-reranker-pool.ts";

/** Refuses a document that is no text, as the drivers do. */
class StrictReranker extends FakeReranker {
  override async rerank(_query: string, documents: readonly unknown[]): Promise<RerankResult> {
    const outcomes = documents.map((document) =>
      typeof document === "string" ? 1 : new BinnacleError("empty_input", "a document must be a text"),
    );
    return Promise.resolve({ outcomes });
  }
}

const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

test("passes a document that is no text to the driver, which refuses it alone", async () => {
  const pool = createRerankerPool({ replicas: [{ name: "a", driver: new StrictReranker() }] });
  const { outcomes } = await pool.rerank("rope", ["a rope", raw(undefined)]);
  expect(outcomes).toEqual([1, expect.objectContaining({ code: "empty_input" })]);
});

test.each([
  ["", ["a rope"], /query: expected a text/],
  ["rope", "a rope", /documents: expected an array of texts/],
])("refuses query %j with documents %j before it asks a replica", async (query, documents, message) => {
  const pool = createRerankerPool({ replicas: [{ name: "a", driver: new StrictReranker() }] });
  await expect(pool.rerank(query, raw(documents))).rejects.toThrow(message);
});

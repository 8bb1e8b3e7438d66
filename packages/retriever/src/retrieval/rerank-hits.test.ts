import { BinnacleError, InferenceError, type Reranker } from "@binnacle/core";
import { FakeReranker } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { hitAt } from "./fixtures/hit-at.ts";
import { rerankHits, type RerankHitsOptions } from "./rerank-hits.ts";

const hits = ["bread and salt", "tide tables", "harbour tide tables", "rope"].map((text, index) =>
  hitAt({ id: `h${index}`, documentId: `d${index}`, start: 0, text, score: 1 / (60 + index) }),
);
const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
const options = (rest: Partial<RerankHitsOptions> = {}): RerankHitsOptions => ({
  reranker: new FakeReranker(),
  candidates: 10,
  onFailure: "reject",
  call: {},
  ...rest,
});
/** A reranker that answers with these outcomes. */
const answering = (outcomes: readonly (number | BinnacleError)[]): Reranker =>
  Object.assign(new FakeReranker(), { rerank: async () => ({ outcomes }) });

test("orders by the reranker's scores, and keeps the order of equal scores", async () => {
  const { scored, rest, trace } = await rerankHits("harbour tide tables", hits, options());
  expect(ids(scored)).toEqual(["h2", "h1", "h0", "h3"]);
  expect(scored.map(({ score }) => score)).toEqual([1, 2 / 3, 0, 0]);
  expect(rest).toEqual([]);
  expect(trace).toEqual({ candidates: 4, failed: [], rerankMs: expect.any(Number) });
});

test("scores the best candidates only, and leaves the others behind them", async () => {
  const seen: string[] = [];
  const reranker = new FakeReranker({ onRerank: (_, documents) => void seen.push(...documents) });
  const result = await rerankHits("tide", hits, options({ reranker, candidates: 2 }));
  expect(seen).toEqual(["bread and salt", "tide tables"]);
  expect([ids(result.scored), ids(result.rest)]).toEqual([
    ["h1", "h0"],
    ["h2", "h3"],
  ]);
});

test("shows the reranker the text that was embedded", async () => {
  const seen: string[] = [];
  const reranker = new FakeReranker({ onRerank: (_, documents) => void seen.push(...documents) });
  await rerankHits(
    "tide",
    [hitAt({ id: "a", start: 0, text: "tides", context: "Harbour" })],
    options({ reranker }),
  );
  expect(seen).toEqual(["Harbour\n\ntides"]);
});

test("keeps a document that the reranker refuses behind the scored ones, with its code in the trace", async () => {
  const tooLong = new InferenceError("too long", { kind: "too-long" });
  const result = await rerankHits("tide", hits, options({ reranker: answering([0.1, tooLong, 0.9, 0.2]) }));
  expect([ids(result.scored), ids(result.rest)]).toEqual([["h2", "h3", "h0"], ["h1"]]);
  expect(result.trace?.failed).toEqual([{ id: "h1", code: "inference_too_long" }]);
});

describe("a reranker that fails", () => {
  const dead = new InferenceError("refused", { kind: "unreachable", retryable: true });
  const reranker = new FakeReranker({ onRerank: () => Promise.reject(dead) });

  test("rejects the call with its own error", async () => {
    await expect(rerankHits("tide", hits, options({ reranker }))).rejects.toBe(dead);
  });

  test("keeps the order if the app wants that, with the error's code in the trace", async () => {
    const { scored, trace } = await rerankHits("tide", hits, options({ reranker, onFailure: "keep" }));
    expect(scored).toEqual(hits);
    expect(trace).toMatchObject({ candidates: 4, error: "inference_unreachable" });
  });

  test("never hides an abort", async () => {
    const call = { signal: AbortSignal.abort("left") };
    await expect(rerankHits("tide", hits, options({ onFailure: "keep", call }))).rejects.toBe("left");
  });
});

test("asks nothing without a reranker, without a text and without hits", async () => {
  const reranker = new FakeReranker({ onRerank: () => expect.unreachable() });
  expect(await rerankHits("tide", hits, undefined)).toEqual({ scored: hits, rest: [] });
  expect(await rerankHits(" ", hits, options({ reranker }))).toEqual({ scored: hits, rest: [] });
  expect(await rerankHits("tide", [], options({ reranker }))).toEqual({ scored: [], rest: [] });
});

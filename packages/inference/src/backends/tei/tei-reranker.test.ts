import { createReplayingFetch, type RecordedExchange } from "@binnacle/core/testing";
import { expect, expectTypeOf, test } from "vitest";
import { parseRerankerOptions, type TeiRerankerOptions, type TeiRerankerSettings } from "./tei-options.ts";
import { TeiReranker } from "./tei-reranker.ts";

const url = "http://tei";
const info: RecordedExchange = {
  request: { path: "/info" },
  response: {
    body: '{"model_id":"BAAI/bge-reranker-base","max_input_length":512,"max_client_batch_size":2,"max_concurrent_requests":512,"model_type":{"reranker":{}},"version":"1.8.0"}',
  },
};
const answered = (status: number, body: unknown): RecordedExchange => ({
  request: { method: "POST", path: "/rerank" },
  response: { status, body: JSON.stringify(body) },
});
const scores = (...values: readonly number[]): RecordedExchange =>
  answered(
    200,
    values.map((score, index) => ({ index, score })),
  );

function replay(exchanges: readonly RecordedExchange[], options: Partial<TeiRerankerOptions> = {}) {
  const replaying = createReplayingFetch(exchanges);
  return { replaying, reranker: new TeiReranker({ url, fetch: replaying.fetch, ...options }) };
}

test("has a schema with exactly the interface's options", () => {
  expectTypeOf<keyof TeiRerankerSettings>().toEqualTypeOf<keyof TeiRerankerOptions>();
  expect(parseRerankerOptions({ url })).toMatchObject({ url, maxItems: 32, maxBatchBytes: 262_144 });
});

test("takes model and limits from /info, and sends no more documents at once than the server accepts", async () => {
  const { reranker, replaying } = replay([info, scores(0.1, 0.9), scores(0.5)]);
  expect(await reranker.describe()).toEqual({
    model: "BAAI/bge-reranker-base",
    maxItems: 2,
    maxTokensPerPair: 512,
    scores: "probability",
    concurrency: 2,
  });
  expect((await reranker.rerank("q", ["a", "b", "c"])).outcomes).toEqual([0.1, 0.9, 0.5]);
  expect(replaying.requests.slice(1).map(({ body }) => JSON.parse(body))).toEqual([
    { query: "q", texts: ["a", "b"], raw_scores: false, truncate: false },
    { query: "q", texts: ["c"], raw_scores: false, truncate: false },
  ]);
});

test("asks for the model's raw numbers if its scores are logits", async () => {
  const { reranker, replaying } = replay([info, scores(-3)], { scores: "logit" });
  expect((await reranker.rerank("q", ["a"])).outcomes).toEqual([-3]);
  expect(JSON.parse(replaying.requests.at(-1)?.body ?? "")).toMatchObject({ raw_scores: true });
});

test("rejects scores outside 0 to 1 that should be probabilities", async () => {
  const { reranker } = replay([info, scores(-3)]);
  await expect(reranker.rerank("q", ["a"])).rejects.toMatchObject({ code: "invalid_response" });
});

// Bodies from the server's API description.
test.each([
  [429, { error: "Model is overloaded", error_type: "overloaded" }, "overloaded", true],
  [424, { error: "Inference failed", error_type: "backend" }, "server", true],
  [424, { error: "model is not a re-ranker model", error_type: "backend" }, "unsupported", false],
  [401, { error: "Unauthorized", error_type: "unauthorized" }, "unauthorized", false],
])("rejects %i %j as %s", async (status, body, kind, retryable) => {
  const { reranker } = replay([info, answered(status, body)], { maxAttempts: 1 });
  await expect(reranker.rerank("q", ["a"])).rejects.toMatchObject({ kind, retryable });
});

test("gives a document that is too long its own error", async () => {
  const tooLong = { error: "Input validation error: `inputs` must have less than 512 tokens. Given: 600" };
  const [refused, harmless] = [answered(413, tooLong), scores(0.5)];
  const { reranker } = replay([info, refused, harmless, scores(0.2), refused]);
  const { outcomes } = await reranker.rerank("q", ["a", "b"]);
  expect(outcomes).toEqual([0.2, expect.objectContaining({ kind: "too-long" })]);
});

test("asks for the model's name if the server has no /info", async () => {
  const missing: RecordedExchange = { request: { path: "/info" }, response: { status: 404, body: "" } };
  await expect(replay([missing]).reranker.describe()).rejects.toThrow(/no \/info; set model/);
  expect(await replay([missing], { model: "m" }).reranker.describe()).toMatchObject({
    model: "m",
    maxItems: 32,
  });
});

import type { HttpFetch } from "@binnacle/core/kit";
import { expect, test } from "vitest";
import { LlamaCppReranker } from "../backends/llama-cpp/index.ts";
import { TeiReranker } from "../backends/tei/index.ts";
import { VllmReranker } from "../backends/vllm/index.ts";

const documents = Array.from({ length: 20 }, (_, i) => `page ${i}`);
const scores = documents.map((_, index) => ({ index, score: index / 20, relevance_score: index / 20 }));
/** The answers of three servers, by path. */
const answers: Readonly<Record<string, unknown>> = {
  "/info": {
    model_id: "m",
    max_client_batch_size: 32,
    max_concurrent_requests: 8,
    model_type: { reranker: {} },
  },
  "/version": { version: "0.11.0" },
  "/props": { model_path: "m.gguf", total_slots: 1, default_generation_settings: { n_ctx: 512 } },
  "/v1/models": { data: [{ id: "m", meta: {} }] },
  "/rerank": scores,
  "/v1/rerank": { results: scores },
};

test.each([
  ["LlamaCppReranker", LlamaCppReranker],
  ["TeiReranker", TeiReranker],
  ["VllmReranker", VllmReranker],
])("scores 20 documents by one request, not by one for each: %s (D11)", async (_, Reranker) => {
  const posted: string[] = [];
  const fetch: HttpFetch = (url, { method, body }) => {
    if (method === "POST") posted.push(String(body));
    return Promise.resolve(Response.json(answers[new URL(url).pathname]));
  };
  const { outcomes } = await new Reranker({ url: "http://server", fetch }).rerank("page", documents);
  expect(outcomes).toEqual(scores.map(({ score }) => score));
  expect(posted).toHaveLength(1);
  for (const document of documents) expect(posted[0]).toContain(`"${document}"`);
});

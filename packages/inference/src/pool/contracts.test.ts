import {
  embedderContract,
  FakeEmbedder,
  FakeInferenceBackend,
  FakeReranker,
  inferenceBackendContract,
  rerankerContract,
} from "@binnacle/core/testing";
import { describe, test } from "vitest";
import { createBackendPool } from "./create-backend-pool.ts";
import { createEmbedderPool } from "./create-embedder-pool.ts";
import { createRerankerPool } from "./create-reranker-pool.ts";

const counted = "One two three four five six seven eight nine ten eleven twelve.";
const fakeBackend = (): FakeInferenceBackend =>
  new FakeInferenceBackend({
    replies: [counted],
    countTokens: ({ messages }) => JSON.stringify(messages).length,
  });

describe("createBackendPool", () => {
  const create = async () =>
    createBackendPool({
      replicas: [
        { name: "a", driver: fakeBackend() },
        { name: "b", driver: fakeBackend() },
      ],
    });
  for (const { name, run } of inferenceBackendContract(create)) test(`${name}`, run);
});

describe("createEmbedderPool", () => {
  const create = async () =>
    createEmbedderPool({
      replicas: [
        { name: "a", driver: new FakeEmbedder() },
        { name: "b", driver: new FakeEmbedder() },
      ],
    });
  for (const { name, run } of embedderContract(create)) test(`${name}`, run);
});

describe("createRerankerPool", () => {
  const create = async () =>
    createRerankerPool({
      replicas: [
        { name: "a", driver: new FakeReranker() },
        { name: "b", driver: new FakeReranker() },
      ],
    });
  for (const { name, run } of rerankerContract(create)) test(`${name}`, run);
});

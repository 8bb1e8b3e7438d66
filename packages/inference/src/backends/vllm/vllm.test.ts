import { readFileSync } from "node:fs";
import { join } from "node:path";
import { embedderContract, inferenceBackendContract, rerankerContract } from "@binnacle/core/testing";
import { test } from "vitest";
import { replayedContract, type ContractRecording } from "../../../../../tests/servers/wire-recording.ts";
import { createBackend, createEmbedder, createReranker } from "./fixtures/subjects.ts";

// Recorded from vLLM 0.32.0 on a processor by fixtures/record.ts.
const url = "http://vllm";
const recorded = (kind: "chat" | "embed" | "rerank"): ContractRecording =>
  JSON.parse(readFileSync(join(import.meta.dirname, `fixtures/${kind}.json`), "utf8"));

for (const { name, run } of replayedContract(
  (fetch) => inferenceBackendContract(() => createBackend(url, fetch)),
  recorded("chat"),
))
  test(`${name}, as a backend on vLLM's wire (T12)`, run);

for (const { name, run } of replayedContract(
  (fetch) => embedderContract(() => createEmbedder(url, fetch)),
  recorded("embed"),
))
  test(`${name}, as an embedder on vLLM's wire (T18)`, run);

for (const { name, run } of replayedContract(
  (fetch) => rerankerContract(() => createReranker(url, fetch)),
  recorded("rerank"),
))
  test(`${name}, as a reranker on vLLM's wire`, run);

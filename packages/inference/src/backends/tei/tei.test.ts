import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rerankerContract } from "@binnacle/core/testing";
import { test } from "vitest";
import { replayedContract } from "../../../../../tests/servers/wire-recording.ts";
import { createReranker } from "./fixtures/subjects.ts";

// Recorded from the /rerank of llama-server 0.7.0 (build 11669) by fixtures/record.ts.
for (const { name, run } of replayedContract(
  (fetch) => rerankerContract(() => createReranker("http://tei", fetch)),
  JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/rerank.json"), "utf8")),
))
  test(`${name}, as a reranker on the wire of /rerank`, run);

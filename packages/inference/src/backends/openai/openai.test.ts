import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { replayedContract, type ContractRecording } from "../../../../../tests/servers/wire-recording.ts";
import { backendContract, embeddingContract } from "./fixtures/wired-contracts.ts";

// Recorded from llama-server 0.7.0 (build 11669) by fixtures/record.ts.
const url = "http://llama-server";
const recorded = (kind: "chat" | "embed"): ContractRecording =>
  JSON.parse(readFileSync(join(import.meta.dirname, `fixtures/${kind}.json`), "utf8"));

for (const { name, run } of replayedContract((fetch) => backendContract(url, fetch), recorded("chat")))
  test(`T12: through the openai package, a backend ${name}`, run);

for (const { name, run } of replayedContract((fetch) => embeddingContract(url, fetch), recorded("embed")))
  test(`T18: through the openai package, an embedder ${name}`, run);

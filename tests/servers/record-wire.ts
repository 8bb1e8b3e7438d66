import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Embedder, InferenceBackend, Reranker } from "@binnacle/core";
import { embedderContract, inferenceBackendContract, rerankerContract } from "@binnacle/core/testing";
import type { StartedServer } from "./start-server.ts";
import { recordContract, type WiredContract } from "./wire-recording.ts";

type Create<T> = (url: string, fetch: typeof globalThis.fetch) => Promise<T>;

/** Creates the drivers of one kind of server. A missing driver is not recorded. */
export interface WireSubjects {
  readonly createBackend?: Create<InferenceBackend> | undefined;
  readonly createEmbedder?: Create<Embedder> | undefined;
  readonly createReranker?: Create<Reranker> | undefined;
}

/** Starts the server that one kind of driver needs. */
export type StartForRecording = (kind: "chat" | "embed" | "rerank") => Promise<StartedServer>;

/**
 * Records the contracts of drivers against real servers, as `chat.json`, `embed.json` and `rerank.json` in
 * the given folder.
 */
export async function recordWire(
  folder: string,
  { createBackend, createEmbedder, createReranker }: WireSubjects,
  start: StartForRecording,
): Promise<void> {
  const contracts = {
    chat:
      createBackend &&
      ((url: string): WiredContract =>
        (fetch) =>
          inferenceBackendContract(() => createBackend(url, fetch))),
    embed:
      createEmbedder &&
      ((url: string): WiredContract =>
        (fetch) =>
          embedderContract(() => createEmbedder(url, fetch))),
    rerank:
      createReranker &&
      ((url: string): WiredContract =>
        (fetch) =>
          rerankerContract(() => createReranker(url, fetch))),
  };
  for (const kind of ["chat", "embed", "rerank"] as const) {
    const contractOn = contracts[kind];
    if (contractOn === undefined) continue;
    const server = await start(kind);
    try {
      const recording = await recordContract(contractOn(server.url));
      writeFileSync(join(folder, `${kind}.json`), `${JSON.stringify(recording, undefined, 1)}\n`);
    } finally {
      await server.close();
    }
  }
}

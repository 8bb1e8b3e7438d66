import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Embedder, InferenceBackend } from "@binnacle/core";
import { embedderContract, inferenceBackendContract } from "@binnacle/core/testing";
import { llamaServerMissing, startLlamaServer, type LlamaServerKind } from "./llama-server.ts";
import { recordContract, type WiredContract } from "./wire-recording.ts";

/** Creates a driver on a server. */
export interface WireSubjects {
  createBackend(url: string, fetch: typeof globalThis.fetch): Promise<InferenceBackend>;
  createEmbedder(url: string, fetch: typeof globalThis.fetch): Promise<Embedder>;
}

/**
 * Records the contracts of a driver against real llama-servers, as `chat.json` and `embed.json` in the given
 * folder.
 */
export async function recordWire(folder: string, subjects: WireSubjects): Promise<void> {
  const missing = await llamaServerMissing();
  if (missing !== undefined) throw new Error(missing);
  await record(
    folder,
    "chat",
    (url) => (fetch) => inferenceBackendContract(() => subjects.createBackend(url, fetch)),
  );
  await record(
    folder,
    "embed",
    (url) => (fetch) => embedderContract(() => subjects.createEmbedder(url, fetch)),
  );
}

async function record(
  folder: string,
  kind: LlamaServerKind,
  contractOn: (url: string) => WiredContract,
): Promise<void> {
  const server = await startLlamaServer({ kind });
  try {
    const recording = await recordContract(contractOn(server.url));
    writeFileSync(join(folder, `${kind}.json`), `${JSON.stringify(recording, undefined, 1)}\n`);
  } finally {
    await server.close();
  }
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { llamaServerMissing, startLlamaServer, type LlamaServerKind } from "./llama-server.ts";
import { recordContract, type AddressedContract } from "./wire-recording.ts";

/** Records contracts against real llama-servers, as `chat.json` and `embed.json` in the given folder. */
export async function recordWire(
  folder: string,
  contracts: Readonly<Record<LlamaServerKind, AddressedContract>>,
): Promise<void> {
  const missing = await llamaServerMissing();
  if (missing !== undefined) throw new Error(missing);
  for (const kind of ["chat", "embed"] as const) {
    const server = await startLlamaServer({ kind });
    try {
      const recording = await recordContract((fetch) => contracts[kind](server.url, fetch));
      writeFileSync(join(folder, `${kind}.json`), `${JSON.stringify(recording, undefined, 1)}\n`);
    } finally {
      await server.close();
    }
  }
}

import type { InferenceBackend } from "@binnacle/core";
import { ingestFolder } from "../commands/ingest.ts";
import { openRagSystem, type RagSystem } from "../rag-system.ts";
import { handbook } from "./handbook.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A system over the indexed handbook, without a model. */
export interface OpenedHandbook {
  readonly system: RagSystem;
  /** The same system with a model that writes its answers. */
  answeredBy(backend: InferenceBackend): RagSystem;
  dispose(): Promise<void>;
}

export async function openHandbook(): Promise<OpenedHandbook> {
  const docs = await temporaryFolder(handbook);
  const data = await temporaryFolder();
  const system = await openRagSystem({ data: data.path, collection: "documents", environment: {} });
  await ingestFolder(system, { directory: docs.path });
  return {
    system,
    answeredBy: (backend) => ({ ...system, backend }),
    dispose: async () => {
      await system.close();
      await Promise.all([docs.dispose(), data.dispose()]);
    },
  };
}

import type { InferenceBackend } from "@binnacle/core";
import { ingestFolder } from "../commands/ingest.ts";
import { openRagSystem, type RagSystem } from "../rag-system.ts";
import { handbook } from "./handbook.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A system over the indexed handbook, without a model. */
export interface OpenedHandbook {
  readonly system: RagSystem;
  /** Paths of its folders. */
  readonly paths: readonly string[];
  /** Returns the same system with a model that writes its answers. */
  answeredBy(backend: InferenceBackend): RagSystem;
  dispose(): Promise<void>;
}

/** Indexes the handbook, and the files of another folder if given. */
export async function openHandbook(other?: Readonly<Record<string, string>>): Promise<OpenedHandbook> {
  const folders = [await temporaryFolder(handbook)];
  if (other !== undefined) folders.push(await temporaryFolder(other));
  const data = await temporaryFolder();
  const system = await openRagSystem({ data: data.path, collection: "documents", environment: {} });
  for (const { path } of folders) await ingestFolder(system, { place: path });
  return {
    system,
    paths: folders.map(({ path }) => path),
    answeredBy: (backend) => ({ ...system, backend }),
    dispose: async () => {
      await system.close();
      await Promise.all([...folders, data].map((folder) => folder.dispose()));
    },
  };
}

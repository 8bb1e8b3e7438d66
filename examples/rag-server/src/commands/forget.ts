import { rm } from "node:fs/promises";
import { createIndexer } from "@binnacle/retriever";
import { exitStatus } from "../exit-status.ts";
import { requireIndex, withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { explainMismatch } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";
import { requireRecorded } from "./require-recorded.ts";

/** Options of `forget`. */
export interface ForgetOptions extends CommonOptions {
  /** A folder, a file or an address. */
  readonly place: string;
}

/** Removes a folder, file or page from the index. It need not exist any more. */
export async function forget(options: ForgetOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, onWarning: terminal.note }, async (system) => {
    await requireIndex(system);
    const recorded = await system.data.sources(system.collection);
    const source = await requireRecorded(recorded, options.place, system);
    const indexer = createIndexer({ store: system.store, manifest: system.manifest, index: system.index });
    const report = await indexer
      .removeSource(source.id, { signal: options.signal })
      .catch(async (error: unknown) => Promise.reject(await explainMismatch(system, error)));
    await system.data.forget(source);
    if (source.kind === "page") await rm(system.data.pagePath(source.path), { recursive: true, force: true });
    terminal.print(report.summary);
    terminal.result(report);
    return exitStatus.ok;
  });
}

import { resolve } from "node:path";
import { createIndexer } from "@binnacle/retriever";
import { exitStatus } from "../exit-status.ts";
import { requireIndex, withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { explainMismatch } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";
import { requireRecorded } from "./require-recorded.ts";

/** Options of `forget`. */
export interface ForgetOptions extends CommonOptions {
  readonly directory: string;
}

/** Removes a folder from the index. The folder itself need not exist. */
export async function forget(options: ForgetOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, onWarning: terminal.note }, async (system) => {
    await requireIndex(system);
    const recorded = await system.data.sources(system.collection);
    const source = requireRecorded(recorded, resolve(options.directory), system);
    const indexer = createIndexer({ store: system.store, manifest: system.manifest, index: system.index });
    const report = await indexer
      .removeSource(source.id, { signal: options.signal })
      .catch(async (error: unknown) => Promise.reject(await explainMismatch(system, error)));
    await system.data.forget(source);
    terminal.print(report.summary);
    terminal.result(report);
    return exitStatus.ok;
  });
}

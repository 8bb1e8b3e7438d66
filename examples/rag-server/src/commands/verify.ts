import { verifyIndex } from "@binnacle/retriever";
import { exitStatus } from "../exit-status.ts";
import { folderSource } from "../folder-source.ts";
import { requireIndex, withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import type { CommonOptions } from "./common-options.ts";

/** Compares the index with the folders it was made from; fails if they differ. */
export async function verify(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, onWarning: terminal.note }, async (system) => {
    await requireIndex(system);
    const { store, index } = system;
    const sources = [];
    for (const recorded of await system.data.sources(system.collection)) {
      const verdict = await verifyIndex({
        store,
        index,
        source: folderSource(recorded),
        signal: options.signal,
      });
      sources.push({ path: recorded.path, ...verdict });
      terminal.print(`${verdict.ok ? "equal" : "DIFFERENT"}  ${recorded.path}`);
      for (const difference of verdict.differences)
        terminal.print(`  ${difference.documentId}: ${difference.message}`);
    }
    const ok = sources.every((source) => source.ok);
    terminal.result({ ok, sources });
    return ok ? exitStatus.ok : exitStatus.failed;
  });
}

import { verifyCluster, type ClusterVerification } from "@binnacle/k8s-sync";
import type { CommonOptions } from "../cli/common-options.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { withCluster } from "../cluster/connect.ts";
import { indexedObjects } from "../cluster/indexed-objects.ts";
import { withIndex } from "../cluster/open-index.ts";

/** Options of `verify`. */
export interface VerifyOptions extends CommonOptions {
  readonly limit: number;
}

/** Compares the index with the cluster. Fails if they differ. */
export async function verify(options: VerifyOptions, terminal: Terminal): Promise<number> {
  return await withIndex({ ...options, mustExist: true }, (open) =>
    withCluster(open.cluster, options, open.record, async ({ reader }) => {
      const { signal, limit } = options;
      const result = await verifyCluster({
        reader,
        documents: (call) => indexedObjects(open, call),
        maxDifferences: limit,
        signal,
        onProgress: ({ scopesDone, scopes }) => {
          if (process.stderr.isTTY) process.stderr.write(`\r  ${scopesDone}/${scopes} scopes`);
        },
      });
      if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
      print(result, terminal);
      terminal.result(result);
      if (Object.values(result.counts).some((count) => count > 0)) return exitStatus.failed;
      return result.ok ? exitStatus.ok : exitStatus.partly;
    }),
  );
}

function print(result: ClusterVerification, terminal: Terminal): void {
  const { cluster, objects, documents, counts, differences, unchecked } = result;
  const total = counts.missing + counts.stale + counts.orphaned + counts.foreign;
  const words = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  terminal.print(`${cluster}: ${objects} objects, ${documents} documents: ${words.join(", ")}`);
  for (const { kind, key, documentId } of differences)
    terminal.print(`  ${kind.padEnd(8)} ${key} (${documentId})`);
  if (total > differences.length) terminal.print(`  and ${total - differences.length} more (--limit)`);
  for (const { scope, documents: unproven, message } of unchecked)
    terminal.note(`  not checked: ${scope}, ${unproven} documents: ${message}`);
}

import {
  verifyCluster,
  verifyHistory,
  type ClusterVerification,
  type HistoryVerification,
  type IndexedObject,
} from "@binnacle/k8s-sync";
import type { CallOptions } from "@binnacle/core";
import type { CommonOptions } from "../cli/common-options.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { withCluster } from "../cluster/connect.ts";
import { indexedObjects } from "../cluster/indexed-objects.ts";
import { historyCollection } from "../cluster/object-history.ts";
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
      const objectIds = new Set<string>();
      const documents = async function* (call: CallOptions): AsyncGenerator<IndexedObject> {
        for await (const object of indexedObjects(open, call)) {
          objectIds.add(object.documentId);
          yield object;
        }
      };
      const result = await verifyCluster({
        reader,
        documents,
        maxDifferences: limit,
        signal,
        onProgress: ({ scopesDone, scopes }) => {
          if (process.stderr.isTTY) process.stderr.write(`\r  ${scopesDone}/${scopes} scopes`);
        },
      });
      if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
      const histories = open.store.collection(historyCollection);
      const history = await verifyHistory({ cluster: open.cluster, histories, objectIds, signal });
      print(result, history, terminal);
      terminal.result({ ...result, ok: result.ok && history.differences.length === 0, history });
      if (Object.values(result.counts).some((count) => count > 0)) return exitStatus.failed;
      if (history.differences.length > 0) return exitStatus.failed;
      return result.ok ? exitStatus.ok : exitStatus.partly;
    }),
  );
}

function print(result: ClusterVerification, history: HistoryVerification, terminal: Terminal): void {
  const { cluster, objects, documents, counts, differences, unchecked } = result;
  const total = counts.missing + counts.stale + counts.orphaned + counts.foreign;
  const words = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  terminal.print(`${cluster}: ${objects} objects, ${documents} documents: ${words.join(", ")}`);
  for (const { kind, key, documentId } of differences)
    terminal.print(`  ${kind.padEnd(8)} ${key} (${documentId})`);
  if (total > differences.length) terminal.print(`  and ${total - differences.length} more (--limit)`);
  if (history.histories > 0)
    terminal.print(`histories: ${history.histories}, of which ${history.differences.length} differ`);
  for (const { kind, key, documentId } of history.differences.slice(0, 20))
    terminal.print(`  ${kind.padEnd(8)} history of ${key} (${documentId})`);
  for (const { scope, documents: unproven, message } of unchecked)
    terminal.note(`  not checked: ${scope}, ${unproven} documents: ${message}`);
}

import { historySourceOf } from "@binnacle/k8s-sync";
import { createIndexer, type Index, type IndexReport } from "@binnacle/retriever";
import type { CommonOptions } from "../cli/common-options.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { defineHistoryIndex } from "../cluster/object-history.ts";
import { withIndex, type OpenIndex } from "../cluster/open-index.ts";
import type { SelectionOptions } from "../cluster/source-options.ts";

/** Options of `remove`. */
export interface RemoveOptions extends CommonOptions, SelectionOptions {}

/** Removes a cluster from the index, or its documents of some namespaces or kinds. Needs no cluster. */
export async function remove(options: RemoveOptions, terminal: Terminal): Promise<number> {
  return await withIndex({ ...options, mustExist: true }, async (open) => {
    const { cluster, records } = open;
    const isWhole = options.namespace === undefined && options.kind === undefined;
    const report = isWhole ? await removeAll(open, options) : await removePart(open, options);
    if (isWhole) await records.remove(cluster);
    terminal.print(report.summary);
    if (!isWhole) terminal.note("  the next snapshot adds them again, unless its selection leaves them out");
    terminal.result({ cluster, ...report });
    return exitStatus.ok;
  });
}

async function removeAll(
  { store, index, cluster }: OpenIndex,
  { signal }: RemoveOptions,
): Promise<IndexReport> {
  const histories = createIndexer({ store, index: await defineHistoryIndex() });
  await histories.removeSource(historySourceOf(cluster), { signal });
  return await createIndexer({ store, index }).removeSource(cluster, { signal });
}

async function removePart(
  { store, index, cluster }: OpenIndex,
  { namespace, kind, signal }: RemoveOptions,
): Promise<IndexReport> {
  const filter = {
    cluster,
    ...(namespace === undefined ? {} : { namespace: { $in: namespace } }),
    ...(kind === undefined ? {} : { $or: [{ kind: { $in: kind } }, { resource: { $in: kind } }] }),
  };
  const removeFrom = async (of: Index, sourceId: string): Promise<IndexReport> => {
    const documentIds: string[] = [];
    const hasCollection = (await store.describeCollection(of.name, { signal })) !== undefined;
    const points = hasCollection
      ? store.collection(of.name).scan({ filter, sourceId, index: 0, signal })
      : [];
    for await (const { chunk } of points) documentIds.push(chunk.documentId);
    return await createIndexer({ store, index: of }).remove(documentIds, { sourceId, signal });
  };
  await removeFrom(await defineHistoryIndex(), historySourceOf(cluster));
  return await removeFrom(index, cluster);
}

import type { CallOptions, Collection } from "@binnacle/core";
import { metadataText } from "@binnacle/core/kit";
import type { ClusterDifference } from "../verify/compare-inventory.ts";
import { parseHistory } from "./history-entry.ts";
import { readStoredText, scanned } from "./stored-text.ts";

/** Options of {@link verifyHistory}. */
export interface VerifyHistoryOptions extends CallOptions {
  readonly cluster: string;
  readonly histories: Collection;
  /** Ids of the documents of the cluster's objects. */
  readonly objectIds: ReadonlySet<string>;
  /** The bound that the history was created with. @default 10 */
  readonly maxStates?: number | undefined;
}

/** The histories of an index, and what is wrong with them. */
export interface HistoryVerification {
  readonly histories: number;
  readonly differences: readonly ClusterDifference[];
}

/**
 * Compares the histories with the documents of the objects, and changes neither. `orphaned`: the object has no
 * document, and its history does not end with a deletion. `stale`: the text is not what was written. `foreign`: the
 * history belongs to another cluster.
 */
export async function verifyHistory({
  cluster,
  histories,
  objectIds,
  maxStates = 10,
  ...call
}: VerifyHistoryOptions): Promise<HistoryVerification> {
  const differences: ClusterDifference[] = [];
  const points = await scanned(histories, { ...call, sourceId: historySourceOf(cluster), index: 0 });
  for (const { chunk, metadata } of points) {
    const { documentId } = chunk;
    const key = metadataText(metadata, "key");
    const add = (kind: ClusterDifference["kind"]): void =>
      void differences.push({ kind, documentId, key, scope: "history" });
    const entries = parseHistory((await readStoredText(histories, documentId, call))?.text ?? "");
    const [newest] = entries;
    if (metadata["cluster"] !== cluster || !documentId.startsWith(`${cluster}/`)) add("foreign");
    else if (newest === undefined || entries.length > maxStates || newest.change !== metadata["change"])
      add("stale");
    else if (newest.change !== "deleted" && !objectIds.has(metadataText(metadata, "objectId")))
      add("orphaned");
  }
  return { histories: points.length, differences };
}

/** Returns the id of the source to which a cluster's histories belong. Pass it to `indexer.upsert`. */
export function historySourceOf(cluster: string): string {
  return `${cluster}/history`;
}

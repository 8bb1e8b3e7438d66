import type { CallOptions, Collection, Filter } from "@binnacle/core";
import { metadataText } from "@binnacle/core/kit";
import { parseHistory, type HistoryEntry } from "./history-entry.ts";
import { readStoredText, scanned } from "./stored-text.ts";

/** Selects changes of {@link readHistory}. */
export interface HistorySelection extends CallOptions {
  readonly cluster: string;
  /** Epoch milliseconds from which on changes are returned. @default all that are kept */
  readonly since?: number | undefined;
  /** Only objects that meet this filter over the `historyFields`. @default all */
  readonly filter?: Filter | undefined;
}

/** One change of an object. */
export interface ObjectChange extends HistoryEntry {
  /** See `objectKey`. */
  readonly key: string;
  readonly kind: string;
  readonly resource: string;
  /** Undefined for an object of the whole cluster. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** Id of the object's document. */
  readonly objectId: string;
}

/** Reads the changes of a cluster's objects from the collection of histories, newest first. */
export async function readHistory(
  histories: Collection,
  { cluster, since = 0, filter, ...call }: HistorySelection,
): Promise<readonly ObjectChange[]> {
  const after: Filter = since === 0 ? {} : { changedAt: { $gte: new Date(since).toISOString() } };
  const conditions: Filter = {
    $and: [{ cluster }, ...(since === 0 ? [] : [after]), ...(filter === undefined ? [] : [filter])],
  };
  const changes: ObjectChange[] = [];
  for (const { chunk, metadata } of await scanned(histories, { ...call, filter: conditions, index: 0 })) {
    const stored = await readStoredText(histories, chunk.documentId, call);
    const { namespace } = metadata;
    const text = (field: string): string => metadataText(metadata, field);
    const about = {
      key: text("key"),
      kind: text("kind"),
      resource: text("resource"),
      namespace: typeof namespace === "string" ? namespace : undefined,
      name: text("name"),
      objectId: text("objectId"),
    };
    for (const entry of parseHistory(stored?.text ?? ""))
      if (entry.at >= since) changes.push({ ...about, ...entry });
  }
  return changes.toSorted((a, b) => b.at - a.at);
}

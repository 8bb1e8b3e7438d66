import type { CallOptions, SourceChange } from "@binnacle/core";
import type { SkipReason } from "@binnacle/retriever/folder";
import type { RecordedSource } from "../data-directory.ts";
import { documentSource } from "../document-source.ts";
import type { RagSystem } from "../rag-system.ts";

/** A document of the index. */
export interface IndexedDocument {
  readonly documentId: string;
  readonly chunks: number;
  readonly title?: string | undefined;
}

/** Files that were skipped for one reason. */
export interface SkippedFiles {
  readonly reason: SkipReason;
  readonly count: number;
  /** The first of their paths. */
  readonly paths: readonly string[];
}

/** A source as it is now, listed without reading its documents. */
export interface ListedSource {
  readonly documentIds: ReadonlySet<string>;
  readonly unreadable: readonly { readonly documentId: string; readonly message: string }[];
  readonly skipped: readonly SkippedFiles[];
}

/** More paths of one reason are only counted. */
const mostPaths = 100;

/** Returns the indexed documents of a source by id. */
export async function indexedDocuments(
  { store, collection }: RagSystem,
  sourceId: string,
  call: CallOptions,
): Promise<readonly IndexedDocument[]> {
  const documents = new Map<string, IndexedDocument>();
  for await (const { chunk } of store.collection(collection).scan({ sourceId, ...call })) {
    const { documentId, title } = chunk;
    const { chunks } = documents.get(documentId) ?? { chunks: 0 };
    documents.set(documentId, { documentId, chunks: chunks + 1, title });
  }
  return [...documents.values()].sort((a, b) => (a.documentId < b.documentId ? -1 : 1));
}

/** Lists a source, with every skipped file and the reason. */
export async function listSource(
  system: RagSystem,
  recorded: RecordedSource,
  { signal }: CallOptions,
): Promise<ListedSource> {
  const skipped = new Map<SkipReason, { count: number; paths: string[] }>();
  const documentIds = new Set<string>();
  const unreadable: { documentId: string; message: string }[] = [];
  const source = documentSource(system, recorded, {
    onEvent: (event) => {
      if (event.type !== "skipped") return;
      const files = skipped.get(event.reason) ?? { count: 0, paths: [] };
      files.count += 1;
      if (files.paths.length < mostPaths) files.paths.push(event.path);
      skipped.set(event.reason, files);
    },
  });
  for await (const change of source.changes({ follow: false, signal })) add(change, documentIds, unreadable);
  // The other files beside a single file were never asked for.
  const shown = recorded.kind === "folder" ? [...skipped] : [];
  return { documentIds, unreadable, skipped: shown.map(([reason, files]) => ({ reason, ...files })) };
}

function add(
  change: SourceChange,
  documentIds: Set<string>,
  unreadable: { documentId: string; message: string }[],
): void {
  if (change.type === "upsert") documentIds.add(change.documentId);
  if (change.type === "unreadable")
    unreadable.push({ documentId: change.documentId, message: change.error.message });
}

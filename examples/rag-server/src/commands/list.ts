import { BinnacleError } from "@binnacle/core";
import type { RecordedSource } from "../data-directory.ts";
import { counted } from "../counted.ts";
import { exitStatus } from "../exit-status.ts";
import { plainMessage } from "../plain-message.ts";
import { requireIndex, withRagSystem, type RagSystem } from "../rag-system.ts";
import { skipReasons } from "../skip-reasons.ts";
import type { Terminal } from "../terminal.ts";
import type { CommonOptions } from "./common-options.ts";
import { requireRecorded } from "./require-recorded.ts";
import { indexedDocuments, listSource, type IndexedDocument, type SkippedFiles } from "./source-state.ts";

/** Options of `list`. */
export interface ListOptions extends CommonOptions {
  /** The only folder, file or page to list. Undefined: all. */
  readonly place?: string | undefined;
}

/** One source with its documents, and with the files that are not in the index. */
interface ListedPlace {
  readonly path: string;
  readonly kind: RecordedSource["kind"];
  readonly documents: readonly IndexedDocument[];
  /** Documents of the source that the index does not have. */
  readonly notIndexed: readonly string[];
  readonly unreadable: readonly { readonly documentId: string; readonly message: string }[];
  readonly skipped: readonly SkippedFiles[];
  /** Reason why the source could not be listed. */
  readonly error?: string | undefined;
}

/** Lists the indexed folders, their documents, and what was skipped and why. */
export async function list(options: ListOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem(
    { ...options, readOnly: true, onWarning: terminal.note, onServerDown: () => undefined },
    async (system) => {
      await requireIndex(system);
      const recorded = await system.data.sources(system.collection);
      const chosen =
        options.place === undefined ? recorded : [await requireRecorded(recorded, options.place, system)];
      const places: ListedPlace[] = [];
      for (const source of chosen) {
        const place = await listPlace(system, source, options.signal);
        places.push(place);
        for (const line of linesOf(place)) terminal.print(line);
      }
      if (places.length === 0) terminal.print("No folder is indexed.");
      terminal.result({ sources: places });
      return exitStatus.ok;
    },
  );
}

async function listPlace(
  system: RagSystem,
  recorded: RecordedSource,
  signal: AbortSignal | undefined,
): Promise<ListedPlace> {
  const { path, kind } = recorded;
  const documents = await indexedDocuments(system, recorded.id, { signal });
  const known = new Set(documents.map(({ documentId }) => documentId));
  try {
    const { documentIds, unreadable, skipped } = await listSource(system, recorded, { signal });
    const notIndexed = [...documentIds].filter((id) => !known.has(id));
    return { path, kind, documents, notIndexed, unreadable, skipped };
  } catch (error) {
    signal?.throwIfAborted();
    if (!BinnacleError.isInstance(error)) throw error;
    const nothing = { notIndexed: [], unreadable: [], skipped: [] };
    return { path, kind, documents, ...nothing, error: plainMessage(error.message) };
  }
}

function linesOf({
  path,
  documents,
  notIndexed,
  unreadable,
  skipped,
  error,
}: ListedPlace): readonly string[] {
  const chunks = documents.reduce((sum, document) => sum + document.chunks, 0);
  const width = Math.min(48, Math.max(0, ...documents.map(({ documentId }) => documentId.length)));
  return [
    `${path}  (${counted(documents.length, "document")}, ${counted(chunks, "chunk")})`,
    ...documents.map(({ documentId, chunks: own, title = "" }) =>
      `  ${documentId.padEnd(width)}  ${String(own).padStart(4)} ${own === 1 ? "chunk " : "chunks"}  ${title}`.trimEnd(),
    ),
    ...notIndexed.map((id) => `  not indexed: ${id}; the next ingest reads it, or names the reason`),
    ...unreadable.map(({ message }) => `  cannot be read: ${plainMessage(message)}`),
    ...skipped.map((files) => `  skipped: ${skippedLine(files)}`),
    ...(error === undefined ? [] : [`  cannot be listed: ${error}`]),
    "",
  ];
}

function skippedLine({ reason, count, paths }: SkippedFiles): string {
  const more = count > paths.length ? ` and ${count - paths.length} more` : "";
  return `${paths.join(", ")}${more} (${skipReasons[reason].one})`;
}

import { resolve } from "node:path";
import { BinnacleError, type Document } from "@binnacle/core";
import type { RecordedSource } from "../data-directory.ts";
import { exitStatus } from "../exit-status.ts";
import { documentSource } from "../document-source.ts";
import { requireIndex, withRagSystem, type RagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { requireRecorded } from "./require-recorded.ts";
import { namingForget } from "./naming-forget.ts";
import type { CommonOptions } from "./common-options.ts";

/** Options of `export`. */
export interface ExportOptions extends CommonOptions {
  readonly documentId: string;
  /** Folder of the document, needed if several folders have a document of that name. */
  readonly folder?: string | undefined;
}

/**
 * Prints the text that a document's offsets refer to. Throws `source_changed` if the source no longer has
 * that text.
 */
export async function exportDocument(options: ExportOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    await requireIndex(system);
    const source = await sourceOf(system, options);
    const document = await loadDocument(system, source, options).catch(async (error: unknown) =>
      Promise.reject(await namingForget(system.data, source, error)),
    );
    await requireUnchanged(system, source, document);
    if (terminal.json) terminal.result({ documentId: document.id, text: document.text });
    else process.stdout.write(document.text);
    return exitStatus.ok;
  });
}

async function sourceOf(system: RagSystem, { documentId, folder }: ExportOptions): Promise<RecordedSource> {
  const points = system.store.collection(system.collection);
  const holders: RecordedSource[] = [];
  for (const source of await sourcesIn(system, folder)) {
    if ((await points.count({ sourceId: source.id, documentId })) > 0) holders.push(source);
  }
  const [holder] = holders;
  if (holders.length > 1) throw ambiguous(documentId, holders);
  if (holder !== undefined) return holder;
  const where = folder === undefined ? "" : ` of ${resolve(folder)}`;
  throw new BinnacleError(
    "not_found",
    `no document "${documentId}"${where} is indexed in collection "${system.collection}"`,
  );
}

async function sourcesIn(
  { data, collection }: RagSystem,
  folder: string | undefined,
): Promise<readonly RecordedSource[]> {
  const recorded = await data.sources(collection);
  return folder === undefined ? recorded : [await requireRecorded(recorded, folder, { data, collection })];
}

/** Creates the error for a document that several folders have, whose offsets must not be mixed up. */
function ambiguous(documentId: string, holders: readonly RecordedSource[]): BinnacleError {
  const paths = holders.map(({ path }) => path).join(" and ");
  const message = `"${documentId}" is in ${paths}; choose with --folder`;
  return new BinnacleError("ambiguous_document", message);
}

async function loadDocument(
  system: RagSystem,
  source: RecordedSource,
  { documentId, signal }: ExportOptions,
): Promise<Document> {
  for await (const change of documentSource(system, source).changes({ follow: false, signal })) {
    if (!("documentId" in change) || change.documentId !== documentId) continue;
    if (change.type === "unreadable") throw change.error;
    const document = change.type === "upsert" ? await change.load({ signal }) : undefined;
    if (document !== undefined) return document;
  }
  throw new BinnacleError("source_changed", `"${documentId}" is no longer in ${source.path}; ingest again`);
}

/** Throws unless every indexed passage is at its offsets and no text was added outside the passages. */
async function requireUnchanged(
  system: RagSystem,
  source: RecordedSource,
  document: Document,
): Promise<void> {
  const covered = new Uint8Array(document.text.length);
  for await (const { chunk } of system.store
    .collection(system.collection)
    .scan({ sourceId: source.id, documentId: document.id })) {
    if (document.text.slice(chunk.start, chunk.end) !== chunk.text) throw changed(document.id);
    covered.fill(1, chunk.start, chunk.end);
  }
  const appeared = covered.findIndex(
    (mark, index) => mark === 0 && document.text.charAt(index).trim() !== "",
  );
  if (appeared !== -1) throw changed(document.id);
}

function changed(documentId: string): BinnacleError {
  return new BinnacleError(
    "source_changed",
    `"${documentId}" has changed since it was indexed, so its offsets are wrong; ingest again`,
  );
}

import { BinnacleError, ConfigurationError } from "@binnacle/core";
import { verifyIndex, type IndexVerification } from "@binnacle/retriever";
import type { RecordedSource } from "../data-directory.ts";
import { documentLine } from "../document-line.ts";
import { exitStatus } from "../exit-status.ts";
import { documentSource } from "../document-source.ts";
import { createFolderListing, type FolderListing } from "../folder-listing.ts";
import { plainMessage } from "../plain-message.ts";
import { requireIndex, withRagSystem, type RagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { explainMismatch } from "../vector-space.ts";
import { namingForget } from "./naming-forget.ts";
import type { CommonOptions } from "./common-options.ts";

/** Compares the index with its folders. Exits with a failure if they differ. */
export async function verify(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    await requireIndex(system);
    const sources = [];
    for (const recorded of await system.data.sources(system.collection)) {
      const listing = createFolderListing();
      const compared = await compare(system, recorded, listing.onEvent, options.signal);
      const skipped = listing.skipped();
      // If no file could be read, the index is empty too, and the comparison finds no difference.
      const isEmpty = compared.points === 0 && compared.unreadable.length + skipped.length > 0;
      const verdict = { ...compared, ok: compared.ok && !isEmpty, skipped, ignored: listing.ignored() };
      sources.push({ path: recorded.path, ...verdict });
      const word = verdict.ok ? "equal    " : compared.ok ? "EMPTY    " : "DIFFERENT";
      terminal.print(`${word}  ${recorded.path}`);
      for (const line of differenceLines(verdict)) terminal.print(line);
      listing.notes(recorded.path).forEach(terminal.note);
    }
    const unrecorded = await countUnrecorded(system);
    if (unrecorded > 0)
      terminal.print(
        `DIFFERENT  ${unrecorded === 1 ? "1 chunk" : `${unrecorded} chunks`} of a folder that is not recorded; if its ingest was cut off, run it again`,
      );
    if (sources.length === 0 && unrecorded === 0) throw nothingRecorded(system);
    const ok = unrecorded === 0 && sources.every((source) => source.ok);
    terminal.result({ ok, sources, unrecordedChunks: unrecorded });
    return ok ? exitStatus.ok : exitStatus.failed;
  });
}

/** Returns a line per difference. Verification lists a limited number but counts all. */
function differenceLines({ differences, differenceCount, unreadable }: IndexVerification): readonly string[] {
  const more = differenceCount - differences.length;
  const rest = more > 0 ? [`  … and ${more} more, ${differenceCount} differences in all`] : [];
  return [
    ...differences.map(({ documentId, message }) => documentLine(documentId, plainMessage(message))),
    ...rest,
    ...unreadable.map(
      ({ documentId, message }) => `  not indexed: ${documentLine(documentId, plainMessage(message)).trim()}`,
    ),
  ];
}

/**
 * Compares one folder. A folder that cannot be read counts as different, so that the others are still
 * compared.
 */
async function compare(
  system: RagSystem,
  recorded: RecordedSource,
  onEvent: FolderListing["onEvent"],
  signal: AbortSignal | undefined,
): Promise<IndexVerification> {
  const { store, index, data } = system;
  try {
    const source = documentSource(system, recorded, { onEvent });
    return await verifyIndex({ store, index, source, signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (!BinnacleError.isInstance(error) || error.code === "collection_mismatch")
      throw await explainMismatch(system, error);
    const { message } = await namingForget(data, recorded, error);
    const differences = [{ documentId: "", kind: "unreadable", message }] as const;
    return { ok: false, documents: 0, points: 0, differenceCount: 1, differences, unreadable: [] };
  }
}

/** Counts chunks of unrecorded folders: the first ingest was killed, or the record was deleted. */
async function countUnrecorded({ store, data, collection }: RagSystem): Promise<number> {
  const points = store.collection(collection);
  let count = await points.count();
  for (const { id } of await data.sources(collection)) count -= await points.count({ sourceId: id });
  return count;
}

function nothingRecorded({ collection, data }: RagSystem): ConfigurationError {
  return new ConfigurationError(
    `no folder was indexed into collection "${collection}" of ${data.path}, so there is nothing to compare; ingest a folder first`,
  );
}

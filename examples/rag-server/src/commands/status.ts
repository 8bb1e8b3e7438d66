import { BinnacleError } from "@binnacle/core";
import { createIndexer } from "@binnacle/retriever";
import { counted } from "../counted.ts";
import type { RecordedSource } from "../data-directory.ts";
import { documentSource } from "../document-source.ts";
import { exitStatus } from "../exit-status.ts";
import { hintFor } from "../invocation.ts";
import { plainMessage } from "../plain-message.ts";
import { requireIndex, withRagSystem, type RagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { explainMismatch } from "../vector-space.ts";
import { ageOf } from "./age-of.ts";
import type { CommonOptions } from "./common-options.ts";

/** The state of one folder, file or page. */
interface SourceStatus {
  readonly path: string;
  readonly kind: RecordedSource["kind"];
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly indexedAt: string;
  readonly documents: number;
  readonly chunks: number;
  /** The changes that an ingest would apply. Missing if they cannot be found out. */
  readonly changes?:
    { readonly added: number; readonly changed: number; readonly removed: number } | undefined;
  /** Reason why the changes are unknown. */
  readonly error?: string | undefined;
}

/** Shows the index, how it is searched, and for each folder if it has changed since its ingest. */
export async function status(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem(
    {
      ...options,
      readOnly: true,
      onWarning: terminal.note,
      onServerDown: (_, { message }) => terminal.note(message),
    },
    async (system) => {
      const info = await requireIndex(system);
      const sources: SourceStatus[] = [];
      for (const recorded of await system.data.sources(system.collection))
        sources.push(await statusOf(system, recorded, options.signal));
      const space = info.dense?.spaceId;
      const search = space === undefined ? "by words" : `by words and vectors of ${space}`;
      const answers = system.backend ? "written by the model" : "sentences of the documents, no model";
      terminal.print(`Index    collection "${system.collection}" in ${system.data.path}`);
      terminal.print(`Search   ${search}`);
      terminal.print(`Answers  ${answers}\n`);
      for (const source of sources) for (const line of linesOf(source)) terminal.print(line);
      if (sources.some(({ changes }) => changes !== undefined && countOf(changes) > 0))
        terminal.print(`\nRun "${hintFor(["ingest", "DIR"], options)}" to apply the changes.`);
      terminal.result({ path: system.data.path, collection: system.collection, search, answers, sources });
      return exitStatus.ok;
    },
  );
}

async function statusOf(
  system: RagSystem,
  recorded: RecordedSource,
  signal: AbortSignal | undefined,
): Promise<SourceStatus> {
  const { id, path, kind, include, exclude, indexedAt } = recorded;
  const points = system.store.collection(system.collection);
  const [documents, chunks] = await Promise.all([
    points.count({ sourceId: id, index: 0 }, { signal }),
    points.count({ sourceId: id }, { signal }),
  ]);
  const known = { path, kind, include, exclude, indexedAt, documents, chunks };
  try {
    const { store, manifest, index } = system;
    const indexer = createIndexer({ store, manifest, index, allowMassDelete: true });
    const report = await indexer.plan(documentSource(system, recorded), { signal });
    const { added, changed, removed } = report.documents;
    return { ...known, changes: { added, changed, removed } };
  } catch (error) {
    signal?.throwIfAborted();
    const explained = await explainMismatch(system, error);
    if (!BinnacleError.isInstance(explained)) throw explained;
    return { ...known, error: plainMessage(explained.message) };
  }
}

function linesOf({
  path,
  include = [],
  exclude = [],
  documents,
  chunks,
  indexedAt,
  changes,
  error,
}: SourceStatus) {
  const globs = [
    ...include.map((glob) => `--include ${glob}`),
    ...exclude.map((glob) => `--exclude ${glob}`),
  ];
  const state =
    changes === undefined
      ? `cannot be compared: ${error}`
      : countOf(changes) === 0
        ? "up to date"
        : `changed since: +${changes.added} ~${changes.changed} -${changes.removed} documents`;
  return [
    `${path}${globs.length === 0 ? "" : `  ${globs.join(" ")}`}`,
    `  ${counted(documents, "document")}, ${counted(chunks, "chunk")}, indexed ${ageOf(indexedAt)}; ${state}`,
  ];
}

function countOf({ added, changed, removed }: NonNullable<SourceStatus["changes"]>): number {
  return added + changed + removed;
}

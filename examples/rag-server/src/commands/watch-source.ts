import { setTimeout as wait } from "node:timers/promises";
import { createIndexer, type FollowHandle, type IndexProgress } from "@binnacle/retriever";
import { counted } from "../counted.ts";
import { documentSource } from "../document-source.ts";
import type { RagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { requireRecorded } from "./require-recorded.ts";

/** Options of {@link watchSource}. */
export interface WatchOptions {
  readonly allowMassDelete: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds between two looks at the phase. */
const pollMs = 50;

/** Applies the changes of an indexed folder or file until the signal fires. Notes each of them. */
export async function watchSource(
  system: RagSystem,
  path: string,
  { allowMassDelete, signal }: WatchOptions,
  terminal: Terminal,
): Promise<void> {
  const recorded = await requireRecorded(await system.data.sources(system.collection), path, system);
  const read = new Set<string>();
  const source = documentSource(system, recorded, { onLoad: (name) => read.add(name) });
  const describe = changeDescriber(read);
  const indexer = createIndexer({
    store: system.store,
    manifest: system.manifest,
    index: system.index,
    allowMassDelete,
    onProgress: (progress) => {
      for (const line of describe(progress))
        terminal.note(`${new Date().toLocaleTimeString("en-GB")}  ${line}`);
    },
  });
  try {
    const handle = indexer.follow(source, { signal });
    void announce(handle, path, terminal);
    await handle.done;
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** Says that changes are applied from now on, once the first listing is done. */
async function announce(handle: FollowHandle, path: string, terminal: Terminal): Promise<void> {
  for (let { phase } = handle.status(); phase !== "ended"; { phase } = handle.status()) {
    if (phase === "following") return terminal.note(`Watching ${path}. Ctrl-C stops.`);
    await wait(pollMs);
  }
}

/** Creates a function that returns lines for what happened since the last progress. */
function changeDescriber(read: Set<string>): (progress: IndexProgress) => readonly string[] {
  let [written, deleted, failed] = [0, 0, 0];
  return ({
    phase,
    pointsWritten,
    pointsDeleted,
    documentsFailed,
    documentsSeen,
    documentsDone,
    degraded,
  }) => {
    const lines = degraded === undefined ? [] : [degraded.message];
    if (documentsDone < documentsSeen) return lines;
    // The first listing names nothing. Files that are too new to be judged by their times are read again.
    const about = phase === "following" && read.size > 0 ? `; read ${namesOf(read)}` : "";
    if (documentsFailed > failed)
      lines.push(`${counted(documentsFailed - failed, "document")} failed${about}`);
    const [more, less] = [pointsWritten - written, pointsDeleted - deleted];
    if (more > 0 || less > 0) lines.push(`${counted(more, "chunk")} written, ${less} deleted${about}`);
    [written, deleted, failed] = [pointsWritten, pointsDeleted, documentsFailed];
    read.clear();
    return lines;
  };
}

const mostNamed = 5;

function namesOf(read: ReadonlySet<string>): string {
  const more = read.size > mostNamed ? ` and ${read.size - mostNamed} more` : "";
  return `${[...read].slice(0, mostNamed).join(", ")}${more}`;
}

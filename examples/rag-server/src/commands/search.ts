import { ConfigurationError, type Passage, type RetrievalTrace } from "@binnacle/core";
import { exitStatus } from "../exit-status.ts";
import { retrieverOf, withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { requireSearchable } from "../vector-space.ts";
import { checkFilterFields } from "./check-filter.ts";
import type { CommonOptions } from "./common-options.ts";
import { legsByName, legsLine } from "./explain-legs.ts";
import { parseFilter } from "./parse-filter.ts";

/** Options of `search`. */
export interface SearchOptions extends CommonOptions {
  readonly text: string;
  readonly limit: number;
  readonly mode?: "hybrid" | "dense" | "lexical" | undefined;
  /** Similarity below which the vector search drops a passage. */
  readonly minScore?: number | undefined;
  /** Filter as JSON. */
  readonly filter?: string | undefined;
  readonly explain: boolean;
}

/** Searches the index and prints the best chunks. */
export async function search(options: SearchOptions, terminal: Terminal): Promise<number> {
  if (options.text.trim() === "") throw new ConfigurationError("the search text is empty; enter a text");
  const filter = options.filter === undefined ? undefined : parseFilter(options.filter);
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    const { limit, mode, minScore: dense, signal } = options;
    const info = await requireSearchable(system, { mode, signal, onNote: terminal.note });
    if (filter !== undefined) checkFilterFields(filter, info, options);
    // Each hit is one chunk. Joined neighbours would give fewer hits than requested.
    const retriever = retrieverOf(system, { limit, mode, minScore: { dense }, mergeNeighbours: false });
    const { passages, trace } = await retriever.retrieve(options.text, { filter, signal });
    const namesFolder = (await system.data.sources(system.collection)).length > 1;
    const shown = { explained: options.explain ? trace : undefined, namesFolder };
    const hits = passages.map((passage) => hitOf(passage, shown));
    for (const [position, passage] of passages.entries())
      terminal.print(describe(position + 1, passage, shown));
    if (passages.length === 0) terminal.print("Nothing found.");
    terminal.result(options.explain ? { hits, trace } : { hits });
    return exitStatus.ok;
  });
}

interface Shown {
  /** The trace that explains each hit. Undefined without `--explain`. */
  readonly explained: RetrievalTrace | undefined;
  /** True if the index has several folders, which may have documents of the same name. */
  readonly namesFolder: boolean;
}

function hitOf(passage: Passage, { explained }: Shown): object {
  const { sourceId, documentId, start, end, score, text, metadata, hits } = passage;
  const hit = { sourceId, documentId, start, end, score, text, metadata };
  if (explained === undefined) return hit;
  return {
    ...hit,
    trace: hits.map(({ id, score, legs }) => ({ id, score, legs: legsByName({ legs }, explained) })),
  };
}

function describe(position: number, passage: Passage, { explained, namesFolder }: Shown): string {
  const where = [passage.documentId, ...passage.path].join(" › ");
  const head = `${position}. ${where}  (${passage.start}–${passage.end}, ${passage.score.toFixed(4)})`;
  const folder = namesFolder ? [`   in ${passage.sourceId}`] : [];
  const legs = explained && passage.hits.map((hit) => `   ${legsLine(hit, explained)}`);
  const text = passage.text.trim().replace(/\s+/g, " ");
  const shown = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return [head, ...folder, ...(legs ?? []), `   ${shown}`, ""].join("\n");
}

import type { DocumentSource, SourceChange } from "@binnacle/core";
import { createIndexer, type Indexer } from "@binnacle/retriever";
import { measureAlternating, type Measured } from "../measure.ts";
import { indexWith, listed, preparedEmbedder, upsert, withStore } from "./bench-index.ts";

/** Times of a restart on unchanged documents in a number of scopes. */
export interface Restart extends Measured<number> {
  readonly scopes: number;
}

/**
 * Lists unchanged documents again on SQLite, with different numbers of scopes. The result of a run is the
 * number of documents that the report calls unchanged.
 */
export async function measureRestarts(
  documents: number,
  scopeCounts: readonly number[],
): Promise<readonly Restart[]> {
  const indexers: Indexer[] = [];
  const nested = scopeCounts.reduceRight<() => Promise<readonly Restart[]>>(
    (next, scopes) => () =>
      withStore("sqlite", async (store) => {
        const embedder = preparedEmbedder({ maxItems: 256, concurrency: 4, callMs: 0 });
        const indexer = createIndexer({ store, index: indexWith(embedder) });
        await indexer.sync(sourceOf(documents, scopes));
        indexers.push(indexer);
        return next();
      }),
    () => measureAll(documents, scopeCounts, indexers),
  );
  return nested();
}

async function measureAll(
  documents: number,
  scopeCounts: readonly number[],
  indexers: readonly Indexer[],
): Promise<readonly Restart[]> {
  const contenders = indexers.map((indexer, i) => ({
    name: String(scopeCounts[i]),
    runs: 7,
    warmups: 1,
    run: async () => {
      const report = await indexer.sync(sourceOf(documents, scopeCounts[i] ?? 1));
      return report.embeddings + report.pointsWritten === 0 ? report.documents.unchanged : -1;
    },
  }));
  const measured = await measureAlternating(contenders);
  return measured.map((one) => ({ ...one, scopes: Number(one.name) }));
}

function sourceOf(documents: number, scopes: number): DocumentSource {
  const names = Array.from({ length: scopes }, (_, i) => `apps/v1/kind-${i}`);
  return {
    id: "cluster",
    async *changes(): AsyncGenerator<SourceChange> {
      yield { type: "scopes", scopes: names };
      for (const [i, name] of names.entries()) yield* listed(documentsOf(documents, scopes, i), name);
      for (const scope of names) yield { type: "checkpoint", scope, resume: "x".repeat(60) };
    },
  };
}

function* documentsOf(documents: number, scopes: number, scope: number): Generator<SourceChange> {
  for (let i = scope; i < documents; i += scopes)
    yield upsert(`uid-${i}`, `Pod ${i} runs in shop.`, `apps/v1/kind-${scope}`);
}

import type { Embedder } from "@binnacle/core";
import {
  createBm25Encoder,
  createChunker,
  createIndexer,
  createRetriever,
  defineIndex,
  fromDocuments,
  MemoryStore,
  type RetrieverOptions,
} from "@binnacle/retriever";
import type { EvaluationRow } from "../evaluation-rows.ts";
import type { LabelledQuery, LabelledSet } from "./labelled-sets.ts";
import { plainBm25 } from "./plain-bm25.ts";
import { figuresOf, type RetrievalFigures } from "./retrieval-figures.ts";

/** The rankings of a set that are compared, by name. */
type Rankings = ReadonlyMap<string, RetrievalFigures>;

type Ranking = Pick<RetrieverOptions, "mode" | "fusion">;

const rankings: Readonly<Record<string, Ranking>> = {
  lexical: { mode: "lexical" },
  dense: { mode: "dense" },
  hybrid: { mode: "hybrid" },
  "hybrid, rrf": { mode: "hybrid", fusion: { kind: "rrf" } },
  "hybrid, rrf .7 .3": { mode: "hybrid", fusion: { kind: "rrf", weights: [0.7, 0.3] } },
  "hybrid, dbsf": { mode: "hybrid", fusion: { kind: "dbsf" } },
  "hybrid, scores .5 .5": { mode: "hybrid", fusion: { kind: "scores", weights: [0.5, 0.5] } },
};

/** A difference of one question in a hundred says nothing. */
const noise = 0.01;
/** The most queries of a set that are asked with vectors, because each has to be embedded. */
const mostQueries = 300;

/**
 * Ranks the documents of a set in every way, by its best passages. Returns a row for each figure. The rows of
 * our lexical and hybrid search must not be below plain BM25 and below the better leg.
 */
export async function evaluateSet(
  set: LabelledSet,
  embedder: Embedder | undefined,
  print: (line: string) => void,
): Promise<readonly EvaluationRow[]> {
  const step = embedder === undefined ? 1 : Math.ceil(set.queries.length / mostQueries);
  const queries = set.queries.filter((_, i) => i % step === 0);
  const found = await figuresByRanking(set, queries, embedder);
  print(`\n${set.name.padEnd(22)}   hit@1  recall@5  nDCG@10   of ${queries.length}`);
  for (const [name, figures] of found) print(`  ${name.padEnd(22)}${lineOf(figures)}`);
  return rowsOf(set.name, found);
}

async function figuresByRanking(
  { docs }: LabelledSet,
  queries: readonly LabelledQuery[],
  embedder: Embedder | undefined,
): Promise<Rankings> {
  const plain = plainBm25(docs);
  const found = new Map([
    [
      "plain BM25",
      figuresOf(
        queries,
        queries.map(({ text }) => plain(text)),
      ),
    ],
  ]);
  const store = new MemoryStore();
  const index = defineIndex({
    name: "set",
    chunker: await createChunker(),
    embedder,
    sparse: createBm25Encoder(),
  });
  const documents = [...docs].map(([id, text]) => ({ id, text, mediaType: "text/plain", metadata: {} }));
  const report = await createIndexer({ store, index }).sync(
    fromDocuments(documents, { id: "set", complete: true }),
  );
  report.throwIfFailed();
  for (const [name, ranking] of Object.entries(rankings)) {
    if (embedder === undefined && ranking.mode !== "lexical") continue;
    const retriever = createRetriever({ store, index, limit: 50, ...ranking });
    const lists: (readonly string[])[] = [];
    for (const { text } of queries) {
      const { passages } = await retriever.retrieve(text);
      lists.push([...new Set(passages.map(({ documentId }) => documentId))]);
    }
    found.set(name, figuresOf(queries, lists));
  }
  await store.close();
  return found;
}

function rowsOf(set: string, found: Rankings): readonly EvaluationRow[] {
  const of = (name: string): number => found.get(name)?.ndcgAt10 ?? 0;
  const targets: Readonly<Record<string, number>> = {
    lexical: of("plain BM25"),
    hybrid: Math.max(of("lexical"), of("dense")) - noise,
  };
  return [...found].flatMap(([name, figures]) =>
    Object.entries(figures).map(([figure, value]): EvaluationRow => {
      const target = figure === "ndcgAt10" ? targets[name] : undefined;
      return {
        suite: "evaluate",
        row: `retrieval.${set}.${name}.${figure}`,
        value: Number(value.toFixed(4)),
        unit: "share",
        target: target === undefined ? null : Number(target.toFixed(4)),
        ok: target === undefined || value >= target - 5e-5,
        versions: { node: process.version },
        seed: null,
      };
    }),
  );
}

function lineOf({ hitAt1, recallAt5, ndcgAt10 }: RetrievalFigures): string {
  return [hitAt1, recallAt5, ndcgAt10].map((value) => value.toFixed(3).padStart(9)).join("");
}

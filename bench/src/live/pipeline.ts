import type { DocumentSource, SourceChange } from "@binnacle/core";
import { createIndexer } from "@binnacle/retriever";
import { measureAlternating } from "../measure.ts";
import { indexWith, listed, preparedEmbedder, upsert, withStore } from "./bench-index.ts";

const capacity = { maxItems: 32, concurrency: 24, callMs: 100 } as const;

/** Figures of a first ingest and of its embedder alone. */
export interface PipelineFigures {
  readonly ingestPerSecond: number;
  readonly ingestCpuMs: number;
  /** Texts per second of the embedder alone, in sequential calls of full batches. */
  readonly embedderPerSecond: number;
  /** True if every document was indexed. */
  readonly isComplete: boolean;
}

/** Ingests documents into memory, in turn with calls to the embedder alone. */
export async function measurePipeline(documents: number): Promise<PipelineFigures> {
  const contenders = [
    { name: "ingest", runs: 5, warmups: 1, run: () => ingest(documents) },
    { name: "embedder", runs: 5, warmups: 0, run: () => embedAlone(documents) },
  ];
  const [ours, alone] = await measureAlternating(contenders);
  const perSecond = (medianMs = Number.NaN): number => (documents / medianMs) * 1000;
  return {
    ingestPerSecond: perSecond(ours?.medianMs),
    ingestCpuMs: ours?.cpuMs ?? Number.NaN,
    embedderPerSecond: perSecond(alone?.medianMs),
    isComplete: ours?.result === documents,
  };
}

async function ingest(documents: number): Promise<number> {
  return withStore("memory", async (store) => {
    const indexer = createIndexer({ store, index: indexWith(preparedEmbedder(capacity)) });
    const { embeddings } = await indexer.sync(sourceOf(documents));
    const points = await store.collection("live").count();
    return embeddings === documents ? points : -1;
  });
}

async function embedAlone(documents: number): Promise<number> {
  const embedder = preparedEmbedder(capacity);
  const texts = Array.from({ length: documents }, (_, i) => `text ${i}`);
  const window = capacity.maxItems * capacity.concurrency;
  let embedded = 0;
  for (let from = 0; from < documents; from += window) {
    const { outcomes } = await embedder.embed(texts.slice(from, from + window), { role: "document" });
    embedded += outcomes.length;
  }
  return embedded;
}

function sourceOf(documents: number): DocumentSource {
  return {
    id: "cluster",
    async *changes(): AsyncGenerator<SourceChange> {
      yield { type: "scopes", scopes: ["live"] };
      yield* listed(Array.from({ length: documents }, (_, i) => upsert(`d${i}`, `text ${i}`)));
    },
  };
}

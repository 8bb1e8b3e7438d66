import type { RetrieverOptions } from "./retriever-options.ts";

/**
 * Options of a retriever that finds similar content: the ten nearest hits with a similarity of at least 0.7,
 * not joined. The threshold suits models that score unrelated texts well below it. With all-MiniLM-L6-v2 it
 * keeps only near-paraphrases.
 */
export const similarContentPreset: Pick<RetrieverOptions, "mode" | "limit" | "minScore" | "mergeNeighbours"> =
  {
    mode: "dense",
    limit: 10,
    minScore: { dense: 0.7 },
    mergeNeighbours: false,
  };

import type { RetrieverOptions } from "./retriever-options.ts";

/**
 * Options of a retriever that finds similar content: the ten nearest, each by itself, from a similarity of 0.7. That
 * threshold suits models whose unrelated texts score well below it; for all-MiniLM-L6-v2 it keeps near-paraphrases only.
 */
export const similarContentPreset: Pick<RetrieverOptions, "mode" | "limit" | "minScore" | "mergeNeighbours"> =
  {
    mode: "dense",
    limit: 10,
    minScore: { dense: 0.7 },
    mergeNeighbours: false,
  };

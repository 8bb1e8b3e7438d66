/**
 * Returns the IDF of a term that `containing` of `total` points have. It is always above 0, as in Qdrant and
 * Lucene (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with 1 added
 * inside).
 */
export function inverseDocumentFrequency(total: number, containing: number): number {
  return Math.log(1 + (total - containing + 0.5) / (containing + 0.5));
}

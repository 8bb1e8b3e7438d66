/**
 * How telling a term is that `containing` of `total` points have. Always above 0, as Qdrant and Lucene compute it
 * (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with 1 added inside).
 */
export function inverseDocumentFrequency(total: number, containing: number): number {
  return Math.log(1 + (total - containing + 0.5) / (containing + 0.5));
}

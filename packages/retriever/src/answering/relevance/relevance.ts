/** The judgement whether the retrieved passages can answer the question. */
export interface Relevance {
  readonly relevant: boolean;
  /**
   * The reason for the judgement. `confidence`: the confidence reaches `minConfidence`. `unrelated`: the
   * confidence is too low. `unknown-name`: it is too low, and the question contains a name that no document
   * contains. `nothing-found`: there is no passage. `not-measured`: the retriever gives no evidence, so the
   * passages count as relevant.
   */
  readonly reason: "confidence" | "unrelated" | "unknown-name" | "nothing-found" | "not-measured";
  /**
   * The probability that the passages contain the answer, 0 to 1. Undefined if nothing was found or measured.
   */
  readonly confidence?: number | undefined;
  /** The least confidence at which the passages count as relevant. */
  readonly minConfidence: number;
  /**
   * The largest weighted share of the question's terms that one passage contains, 0 to 1. Undefined without
   * terms.
   */
  readonly coverage?: number | undefined;
  /** The dense leg's `standing`. Undefined without a dense leg, and if the leg has a threshold. */
  readonly standing?: number | undefined;
  /** Names in the question that no point of the collection contains. */
  readonly unknownNames: readonly string[];
}

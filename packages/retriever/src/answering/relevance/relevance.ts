/** The verdict on what was found. */
export interface Relevance {
  readonly relevant: boolean;
  /**
   * The reason for the verdict. `confidence`: it reaches the least confidence. `unrelated`: it does not.
   * `unknown-name`: it does not, and the question names something that no document has. `nothing-found`: there
   * is no passage. `not-measured`: the retriever gives no evidence, so every passage counts as relevant.
   */
  readonly reason: "confidence" | "unrelated" | "unknown-name" | "nothing-found" | "not-measured";
  /** How likely it is that the passages hold the answer, 0 to 1. Undefined if nothing was found or measured. */
  readonly confidence?: number | undefined;
  /** The confidence that was asked for. */
  readonly minConfidence: number;
  /** The largest weighted share of the question's terms that one passage has, 0 to 1. Undefined without terms. */
  readonly coverage?: number | undefined;
  /** The dense leg's `standing`. Undefined without a dense leg, and if the leg has a threshold. */
  readonly standing?: number | undefined;
  /** Words that name something and that no point of the collection has. */
  readonly unknownNames: readonly string[];
}

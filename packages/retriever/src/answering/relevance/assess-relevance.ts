import type { Retrieval } from "@binnacle/core";
import { confidenceOf } from "./confidence.ts";
import { bestCoverage, unknownNamesOf } from "./coverage.ts";
import { questionTerms } from "./question-terms.ts";
import { leastConfidence, type RefusalLevel } from "./refusal-level.ts";

/** Options of {@link assessRelevance}. */
export interface RelevanceOptions {
  /** When a question is refused: a level, or the least confidence from 0 to 1. @default "strict" */
  readonly refuse?: RefusalLevel | number | undefined;
}

/** The verdict on what was found. */
export interface Relevance {
  readonly relevant: boolean;
  /**
   * The reason for the verdict. `confidence`: it reaches the least confidence. `unrelated`: it does not. `unknown-name`: it does not, and the
   * question names something that no document has. `nothing-found`: no passage. `not-measured`: the retriever gives no
   * evidence, so that whatever it found is taken for relevant.
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

/**
 * Judges whether what was found can answer the question, by its words and by its vector: one confidence from both legs, and
 * the least confidence that `refuse` asks for.
 */
export function assessRelevance(
  retrieval: Retrieval,
  { refuse = "strict" }: RelevanceOptions = {},
): Relevance {
  const minConfidence = leastConfidence(refuse);
  const terms = questionTerms(retrieval);
  const unknownNames = retrieval.trace.terms === undefined ? [] : unknownNamesOf(retrieval, terms);
  if (retrieval.passages.every(({ text }) => text.trim() === "")) {
    return { relevant: false, reason: "nothing-found", minConfidence, unknownNames };
  }
  const coverage = bestCoverage(retrieval, terms);
  const standing = retrieval.trace.legs.find(({ kind }) => kind === "dense")?.standing;
  const confidence = confidenceOf(retrieval, { coverage, standing, unknownNames });
  const judged = { confidence, minConfidence, coverage, standing, unknownNames };
  if (confidence === undefined) return { relevant: true, reason: "not-measured", ...judged };
  if (confidence >= minConfidence) return { relevant: true, reason: "confidence", ...judged };
  return { relevant: false, reason: unknownNames.length > 0 ? "unknown-name" : "unrelated", ...judged };
}

import type { Retrieval } from "@binnacle/core";
import { parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";
import { confidenceOf } from "./confidence.ts";
import { bestCoverage, unknownNamesOf } from "./coverage.ts";
import { questionTerms } from "./question-terms.ts";
import type { Relevance } from "./relevance.ts";
import { checkRetrieval } from "../../retrieval/check-retrieval.ts";
import { leastConfidence, refuseField, type RefusalLevel } from "./refusal-level.ts";

/** Options of {@link assessRelevance}. */
export interface RelevanceOptions {
  /** The level at which a question is refused, or the least confidence from 0 to 1. @default "strict" */
  readonly refuse?: RefusalLevel | number | undefined;
}

const schema = once(() => z.strictObject({ refuse: refuseField().default("strict") }));

/**
 * Judges whether the passages can answer the question. It derives one confidence from words and vectors, and
 * compares it with the least confidence that `refuse` sets. Without passages the judgement is always "not
 * relevant". Throws a `ConfigurationError` if an argument is wrong.
 */
export function assessRelevance(retrieval: Retrieval, options: RelevanceOptions = {}): Relevance {
  const { refuse } = parseOptions("assessRelevance", schema(), options);
  checkRetrieval("assessRelevance", retrieval);
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

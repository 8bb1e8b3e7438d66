import type { Hit } from "@binnacle/core";
import { metadataText } from "@binnacle/core/kit";

/** A past response that users liked. */
export interface Practice {
  /** The most similar query that led to the response. */
  readonly query: string;
  readonly response: string;
  /** Similarity of that query, as the store measures it. */
  readonly similarity: number;
  /** Mean feedback from −1 to 1. Older feedback counts less. */
  readonly feedback: number;
  /** Number of users' judgements. */
  readonly votes: number;
  /** Similarity times feedback, where few or old judgements count less. The practices are ordered by it. */
  readonly score: number;
}

/** Weight of a neutral judgement that each response begins with, so that a single vote does not decide. */
const priorWeight = 0.5;

/**
 * Groups hits by response and orders the responses by similarity times feedback. Judgements lose half of their
 * weight in each half-life.
 */
export function bestPractices(
  hits: readonly Hit[],
  { now, halfLifeMs }: { readonly now: number; readonly halfLifeMs: number },
): { readonly practices: readonly Practice[]; readonly rejected: number } {
  const groups = Map.groupBy(hits, ({ metadata }) => metadataText(metadata, "response_id"));
  const judged = [...groups.values()].map((group) => practiceOf(group, now, halfLifeMs));
  const practices = judged.filter(({ score }) => score > 0);
  practices.sort((a, b) => b.score - a.score || (a.response < b.response ? -1 : 1));
  return { practices, rejected: judged.length - practices.length };
}

function practiceOf(group: readonly Hit[], now: number, halfLifeMs: number): Practice {
  let [weights, sum] = [0, 0];
  let best = group[0];
  for (const hit of group) {
    const age = Math.max(0, now - Date.parse(metadataText(hit.metadata, "timestamp")));
    const weight = 0.5 ** (age / halfLifeMs);
    weights += weight;
    sum += weight * Number(hit.metadata["feedback_score"]);
    if (best === undefined || hit.score > best.score) best = hit;
  }
  const similarity = best?.score ?? 0;
  return {
    query: best?.chunk.text ?? "",
    response: metadataText(best?.metadata ?? {}, "response"),
    similarity,
    feedback: weights === 0 ? 0 : sum / weights,
    votes: group.length,
    score: similarity * (sum / (weights + priorWeight)),
  };
}

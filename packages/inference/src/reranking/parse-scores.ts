import { InvalidResponseError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";

const usageSchema = z.object({
  total_tokens: z.number().nullish(),
  prompt_tokens: z.number().nullish(),
});
// The form of Jina and Cohere, which llama-server and vLLM have, and the form of text-embeddings-inference.
const replySchema = z.union([
  z.object({
    results: z.array(z.object({ index: z.int().nonnegative(), relevance_score: z.number() })),
    usage: usageSchema.nullish().catch(undefined),
  }),
  z.array(z.object({ index: z.int().nonnegative(), score: z.number() })),
]);

/** The scores that a server returned for one batch. */
export interface Scores {
  /** Scores in the order of the documents. */
  readonly scores: readonly number[];
  /** Tokens of the batch, if the server reports them. */
  readonly tokens?: number | undefined;
}

/** Reads the body of `POST /rerank`. Throws `InvalidResponseError` unless there is one score per document. */
export function parseScores(source: string, body: unknown, count: number): Scores {
  const reply = parseResponse(source, replySchema, body);
  const results = Array.isArray(reply)
    ? reply
    : reply.results.map(({ index, relevance_score: score }) => ({ index, score }));
  const byIndex = new Map(results.map(({ index, score }) => [index, score]));
  const scores = Array.from({ length: count }, (_, index) => byIndex.get(index)).filter(
    (score) => score !== undefined,
  );
  if (scores.length !== count || results.length !== count) {
    // The count alone may be right if one index is repeated.
    const indexes = results.slice(0, 20).map(({ index }) => index);
    const came = `${results.length} with the indexes ${indexes.join(", ") || "none"}${results.length > 20 ? ", …" : ""}`;
    throw new InvalidResponseError(`${source}: expected ${count} scores, one per document, got ${came}`);
  }
  const usage = Array.isArray(reply) ? undefined : reply.usage;
  return { scores, tokens: usage?.total_tokens ?? usage?.prompt_tokens ?? undefined };
}

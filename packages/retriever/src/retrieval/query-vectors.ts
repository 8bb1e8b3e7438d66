import {
  ConfigurationError,
  type CallOptions,
  type EmbedInput,
  type Embedder,
  type SparseVector,
  type VectorSpace,
} from "@binnacle/core";
import { describeChecked, embedChecked, encodeChecked, inputText, isMixedInput } from "@binnacle/core/kit";
import type { Index } from "../indexing/options/define-index.ts";
import type { RetrievalMode } from "./retriever-options.ts";

/** A query's dense vector and the vector's space. */
export interface DenseQuery {
  readonly vector: Float32Array;
  readonly spaceId: string;
  readonly suggestedMinScore?: number | undefined;
}

/** The vectors of a query, one for each leg that can be searched. */
export interface QueryVectors {
  readonly dense?: DenseQuery | undefined;
  /** Empty if the query contains only stop words. */
  readonly sparse?: SparseVector | undefined;
  readonly encoderId?: string | undefined;
}

/**
 * Embeds and encodes a query concurrently, as far as the mode needs it. Rejects with code `empty_query` if it
 * has no words.
 */
export async function encodeQuery(
  index: Index,
  mode: RetrievalMode,
  query: EmbedInput,
  options: CallOptions,
): Promise<QueryVectors> {
  const text = inputText(query).trim();
  const hasImage = isMixedInput(query);
  if (text === "" && (!hasImage || mode === "lexical")) {
    throw new ConfigurationError(
      `retrieve: the query ${hasImage ? 'is an image without words. Use mode "dense".' : "is empty. Pass at least one word."}`,
      { code: "empty_query" },
    );
  }
  const [dense, sparse] = await Promise.all([
    mode === "lexical" || index.embedder === undefined
      ? undefined
      : embedQuery(index.embedder, query, options),
    mode === "dense" || text === "" || index.sparse === undefined
      ? undefined
      : encodeChecked(index.sparse, [text], { ...options, role: "query" }),
  ]);
  return { dense, sparse: sparse?.[0], encoderId: index.sparse?.id };
}

async function embedQuery(embedder: Embedder, query: EmbedInput, options: CallOptions): Promise<DenseQuery> {
  const { space, spaceId, vectors } = await embedQueries(embedder, [query], options);
  const [vector] = vectors;
  if (vector === undefined) throw new RangeError("The embedder returned no outcome for the query.");
  return { vector, spaceId, suggestedMinScore: space.suggestedMinScore };
}

/** The vectors of several queries in one space, in the order of the queries. */
export interface EmbeddedQueries {
  readonly space: VectorSpace;
  /** The space that the server named in its answer. */
  readonly spaceId: string;
  readonly vectors: readonly Float32Array[];
}

/** Embeds queries. Rejects with the error of the first query that the embedder could not embed. */
export async function embedQueries(
  embedder: Embedder,
  queries: readonly EmbedInput[],
  options: CallOptions,
): Promise<EmbeddedQueries> {
  const { space } = await describeChecked(embedder, options);
  const { spaceId, outcomes } = await embedChecked(embedder, queries, { ...options, role: "query" }, space);
  const vectors = outcomes.map((outcome) => {
    if (!(outcome instanceof Float32Array)) throw outcome;
    return outcome;
  });
  return { space, spaceId, vectors };
}

import {
  BinnacleError,
  ConfigurationError,
  type CollectionInfo,
  type DenseLeg,
  type Embedder,
  type Leg,
  type SearchQuery,
  type SparseEncoder,
  type SparseLeg,
} from "@binnacle/core";
import { denseVectorIssue } from "@binnacle/core/kit";
import { parseFilter } from "@binnacle/core/stores";
import type { Calls } from "../shared/calls.ts";
import { embedderIssue, embedTexts } from "../shared/embed-texts.ts";
import type { SearchFields, SearchMode } from "./search-schemas.ts";

/** The collection that is searched, and the parts that make queries of texts. */
export interface SearchSpace {
  readonly info: CollectionInfo;
  readonly embedder: Embedder | undefined;
  readonly sparse: SparseEncoder | undefined;
}

/** A query for the store, and the ranking that it makes. */
export interface PlannedSearch {
  readonly query: SearchQuery;
  readonly mode: SearchMode;
}

/** Makes the store's queries. An outcome is a query, or the error of its search. The texts are embedded together. */
export async function planSearches(
  searches: readonly SearchFields[],
  space: SearchSpace,
  calls: Calls,
): Promise<readonly (PlannedSearch | BinnacleError)[]> {
  // Vectors and searches by words do not need the model server, so they work while it is down.
  const needsModel = searches.some(({ text, mode }) => text !== undefined && mode !== "lexical");
  const canEmbed = needsModel && (await embedderIssue(space.embedder, space.info, calls.model)) === undefined;
  const planned = searches.map((search) => modeOf(search, space, canEmbed));
  const isText = (i: number, one: SearchMode): boolean => planned[i] === one || planned[i] === "hybrid";
  const texts = (one: SearchMode): readonly string[] =>
    searches.flatMap(({ vector, text = "" }, i) => (vector === undefined && isText(i, one) ? [text] : []));
  const [dense, sparse] = await Promise.all([
    embedTexts({ texts: texts("dense"), role: "query", ...space }, calls.model),
    space.sparse?.encode(texts("lexical"), { ...calls.model, role: "query" }),
  ]);
  const [nextDense, nextSparse] = [dense.values(), (sparse ?? []).values()];
  const plans = searches.map((search, i): PlannedSearch | BinnacleError => {
    const mode = planned[i];
    if (mode === undefined || BinnacleError.isInstance(mode)) return mode ?? neither();
    const needsDense = mode !== "lexical";
    const vector = search.vector ? Float32Array.from(search.vector) : needsDense && nextDense.next().value;
    const words = search.vector === undefined && mode !== "dense" ? nextSparse.next().value : undefined;
    if (BinnacleError.isInstance(vector)) return vector;
    const denseLeg = vector ? { dense: vector, minScore: search.min_score } : undefined;
    const minScore = mode === "lexical" ? search.min_score : undefined;
    const sparseLeg = words ? { sparse: words, minScore } : undefined;
    return { mode, query: queryOf(search, denseLeg, sparseLeg) };
  });
  return plans.map((plan, i) => issueOf(plan, searches[i], space.info) ?? plan);
}

/** Returns the ranking of a search, or the error of a search that is not possible. */
function modeOf(
  { vector, text, mode }: SearchFields,
  { info, sparse }: SearchSpace,
  canEmbed: boolean,
): SearchMode | BinnacleError {
  if ((vector === undefined) === (text === undefined)) return neither();
  if (vector !== undefined) {
    if (info.dense !== undefined) return "dense";
    return new ConfigurationError(`collection "${info.name}" has no dense vectors; search it with a text`);
  }
  const hasWords = info.sparse !== undefined && sparse?.id === info.sparse.encoderId;
  const isDense = info.dense !== undefined && canEmbed;
  const best = isDense && hasWords ? "hybrid" : isDense ? "dense" : "lexical";
  const wanted = mode ?? best;
  const isPossible = (wanted === "lexical" || isDense) && (wanted === "dense" || hasWords);
  if (isPossible) return wanted;
  return new BinnacleError(
    "wrong_space",
    `collection "${info.name}" cannot be searched by text in mode "${wanted}": ${isDense ? "it has no words of this server's encoder" : "this server has no embedder for its vectors"}; send a vector`,
  );
}

function neither(): ConfigurationError {
  return new ConfigurationError("a search needs a vector or a text, and not both");
}

function queryOf(
  { limit, offset, filter }: SearchFields,
  dense: DenseLeg | undefined,
  sparse: SparseLeg | undefined,
): SearchQuery {
  const legs: readonly Leg[] = [dense, sparse].filter((leg) => leg !== undefined);
  const [first, ...rest] = legs;
  if (first === undefined) throw neither();
  return { legs: [first, ...rest], limit, offset, ...(filter === undefined ? {} : { filter }) };
}

/** Returns the error that the store would reject the whole batch with. */
function issueOf(
  plan: PlannedSearch | BinnacleError,
  search: SearchFields | undefined,
  { dense, fields = {} }: CollectionInfo,
): BinnacleError | undefined {
  if (BinnacleError.isInstance(plan)) return plan;
  const [leg] = plan.query.legs;
  const issue = "dense" in leg && dense ? denseVectorIssue(leg.dense, dense.dimensions) : undefined;
  if (issue !== undefined) return issue;
  try {
    parseFilter(search?.filter, fields);
    return undefined;
  } catch (error) {
    if (BinnacleError.isInstance(error)) return error;
    throw error;
  }
}

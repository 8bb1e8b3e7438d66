import { ConfigurationError } from "../../errors/configuration-error.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { Fusion, SearchQuery } from "../../spec/search.ts";
import type { SparseVector } from "../../spec/sparse-encoder.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";
import { denseVectorIssue, sparseVectorIssue } from "../../kit/vectors.ts";
import { z } from "zod";
import { filterPredicate, type MetadataTest } from "../filter/filter-predicate.ts";
import type { FilterNode } from "../filter/filter-node.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";

/** Limits of a planned leg. */
interface PlannedLimits {
  readonly limit: number;
  /** −Infinity if there is no threshold. */
  readonly minScore: number;
}

/** One leg, checked against the collection. */
export type PlannedLeg = PlannedLimits &
  (
    | { readonly kind: "dense"; readonly dense: Float32Array }
    | { readonly kind: "sparse"; readonly sparse: SparseVector }
  );

/** A search with its defaults, checked against the collection. */
export interface SearchPlan {
  readonly legs: readonly PlannedLeg[];
  readonly fusion: Fusion;
  readonly limit: number;
  readonly offset: number;
  /** Undefined if the search has no filter. */
  readonly test: MetadataTest | undefined;
  /** The filter of `test`, for stores that translate it into their own query. `all` if there is no filter. */
  readonly filter: FilterNode;
  readonly explain: boolean;
}

const MAX_LEGS = 16;

const leg = z.strictObject({
  dense: z.instanceof(Float32Array).optional(),
  sparse: z
    .strictObject({ indices: z.instanceof(Uint32Array), values: z.instanceof(Float32Array) })
    .optional(),
  limit: z.int().min(1).optional(),
  minScore: z.number().optional(),
});

const schema = z.strictObject({
  legs: z.array(leg).min(1).max(MAX_LEGS),
  fusion: z
    .strictObject({
      kind: z.literal("rrf"),
      k: z.number().nonnegative().optional(),
      weights: z.array(z.number().nonnegative()).optional(),
    })
    .default({ kind: "rrf" }),
  limit: z.int().min(1),
  offset: z.int().min(0).default(0),
  filter: z.unknown().optional(),
  explain: z.boolean().default(false),
});

/**
 * Checks a query against the collection and adds defaults. Throws a `ConfigurationError` for invalid fields,
 * an `UnsupportedError` for an unknown fusion, and an error of code `invalid_vector` for an invalid vector.
 */
export function planSearch(query: SearchQuery, spec: ResolvedSpec): SearchPlan {
  checkFusion(query);
  const { legs, fusion, limit, offset, filter, explain } = parseOptions("search", schema, query);
  const weights = fusion.weights?.length ?? legs.length;
  if (weights !== legs.length)
    throw refused("fusion.weights", `has ${weights} weights for ${legs.length} legs. Give one per leg`);
  const parsed = parseFilter(filter, spec.fields);
  return {
    legs: legs.map((each, i) => planLeg(each, `legs.${i}`, Math.max(50, 4 * (limit + offset)), spec)),
    fusion,
    limit,
    offset,
    filter: parsed,
    test: parsed.kind === "all" ? undefined : filterPredicate(parsed),
    explain,
  };
}

/** Runs before the schema, whose message would not name the capability. */
function checkFusion(query: SearchQuery): void {
  const kind: unknown = query?.fusion?.kind;
  if (typeof kind !== "string" || kind === "rrf") return;
  throw new UnsupportedError(`search: this store does not support fusion "${kind}". Use "rrf".`, {
    capability: "fusion",
  });
}

function planLeg(
  { dense, sparse, limit, minScore = -Infinity }: z.output<typeof leg>,
  path: string,
  defaultLimit: number,
  spec: ResolvedSpec,
): PlannedLeg {
  const limits = { limit: limit ?? defaultLimit, minScore };
  if ((dense === undefined) === (sparse === undefined))
    throw refused(path, "must have either `dense` or `sparse`");
  if (dense) {
    if (!spec.dense)
      throw refused(path, `collection "${spec.name}" has no dense vectors. Search it with a sparse leg`);
    const issue = denseVectorIssue(dense, spec.dense.dimensions);
    if (issue) throw issue;
    return { kind: "dense", dense, ...limits };
  }
  if (!sparse || !spec.sparse)
    throw refused(path, `collection "${spec.name}" has no sparse vectors. Search it with a dense leg`);
  const issue = sparseVectorIssue(sparse);
  if (issue) throw issue;
  return { kind: "sparse", sparse, ...limits };
}

function refused(path: string, message: string): ConfigurationError {
  return new ConfigurationError(`search: ${path}: ${message}`, { issues: [{ path, message }] });
}

import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { Fusion, SearchQuery } from "../../spec/search.ts";
import type { StoreFeature } from "../../spec/vector-store.ts";
import { filterPredicate, type MetadataTest } from "../filter/filter-predicate.ts";
import type { FilterNode } from "../filter/filter-node.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import { planBoosts, type PlannedBoost } from "../ranking/plan-boosts.ts";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";
import { planLeg, refused, type PlannedLeg } from "./plan-leg.ts";
import { checkFeature } from "./check-feature.ts";
import { MAX_MMR_CANDIDATES, parseQuery, type ParsedLeg, type ParsedQuery } from "./parse-query.ts";

/** A search with its defaults, checked against the collection. */
export interface SearchPlan<L extends PlannedLeg = PlannedLeg> {
  readonly legs: readonly L[];
  readonly fusion: Fusion;
  readonly boosts: readonly PlannedBoost[];
  /** Undefined if the search has no MMR. */
  readonly mmr: { readonly diversity: number; readonly candidates: number } | undefined;
  readonly limit: number;
  readonly offset: number;
  /** Undefined if the search has no filter. */
  readonly test: MetadataTest | undefined;
  /** The filter of `test`, for stores that translate it into their own query. `all` if there is no filter. */
  readonly filter: FilterNode;
  /** Ids of the seeds of all like-legs and discover-legs. No leg may return them. */
  readonly seeds: ReadonlySet<string>;
  readonly explain: boolean;
}

/**
 * Checks a query against the collection and adds defaults. Throws a `ConfigurationError` for invalid fields
 * and an error of code `invalid_vector` for an invalid vector. Throws an `UnsupportedError` for an unknown
 * fusion or a feature that is not in `features`.
 */
export function planSearch(
  query: SearchQuery,
  spec: ResolvedSpec,
  features: readonly StoreFeature[] = [],
): SearchPlan {
  checkFusion(query);
  const parsed = parseQuery(query);
  checkFeatures(parsed, features);
  const { legs, fusion, limit, offset, explain } = parsed;
  const weights = (fusion.kind === "rrf" ? fusion.weights?.length : undefined) ?? legs.length;
  if (weights !== legs.length)
    throw refused("fusion.weights", `has ${weights} weights for ${legs.length} legs. Give one per leg`);
  const filter = parseFilter(parsed.filter, spec.fields);
  const mmr = planMmr(parsed, spec);
  const depth = Math.max(50, 4 * (limit + offset), mmr?.candidates ?? 0);
  return {
    legs: legs.map((leg, i) => planLeg(leg, { path: `legs.${i}`, defaultLimit: depth, spec })),
    fusion,
    boosts: planBoosts(parsed.boost, spec.fields),
    mmr,
    limit,
    offset,
    filter,
    test: filter.kind === "all" ? undefined : filterPredicate(filter),
    seeds: new Set(legs.flatMap(seedsOf)),
    explain,
  };
}

function seedsOf({ like = [], unlike = [], discover = [], target }: ParsedLeg): readonly string[] {
  return [
    ...like,
    ...unlike,
    ...discover.flatMap((pair) => [pair.like, pair.unlike]),
    ...(target === undefined ? [] : [target]),
  ];
}

/** Runs before the schema, whose message would not name the capability. */
function checkFusion(query: SearchQuery): void {
  const kind: unknown = query?.fusion?.kind;
  if (typeof kind !== "string" || kind === "rrf" || kind === "dbsf") return;
  throw new UnsupportedError(`search: this store does not support fusion "${kind}". Use "rrf".`, {
    capability: "fusion",
  });
}

function checkFeatures({ legs, fusion, boost, mmr }: ParsedQuery, features: readonly StoreFeature[]): void {
  if (fusion.kind === "dbsf") checkFeature("search", "dbsf", features);
  if (boost.length > 0) checkFeature("search", "boost", features);
  if (mmr) checkFeature("search", "mmr", features);
  if (legs.some(({ effort }) => effort !== undefined)) checkFeature("search", "effort", features);
  if (legs.some(({ like }) => like !== undefined)) checkFeature("search", "like", features);
  if (legs.some(({ discover }) => discover !== undefined)) checkFeature("search", "discover", features);
}

function planMmr({ mmr, limit, offset }: ParsedQuery, spec: ResolvedSpec): SearchPlan["mmr"] {
  if (!mmr) return undefined;
  if (!spec.dense)
    throw refused("mmr", `collection "${spec.name}" has no dense vectors to compare hits. Omit it`);
  const shown = limit + offset;
  const { diversity, candidates = Math.min(MAX_MMR_CANDIDATES, Math.max(50, 4 * shown)) } = mmr;
  if (candidates >= shown) return { diversity, candidates };
  throw refused("mmr.candidates", `has ${candidates} candidates for ${shown} hits. Raise it, or lower limit`);
}

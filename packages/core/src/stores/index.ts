/**
 * Building blocks for stores: filters, checks of writes and specs, search plans and fusion. They do no I/O.
 *
 * @example
 * {@includeCode ../../../../docs/examples/core-stores.ts}
 * @module core/stores
 */
export { aliasMeant, aliasTaken, checkAlias } from "./check-alias.ts";
export { boundTenant, checkTenancy } from "./bound-tenant.ts";
export {
  checkRestore,
  checkSnapshot,
  damagedSnapshot,
  isSnapshotName,
  noSnapshot,
  restoreTaken,
} from "./check-snapshot.ts";
export { withCheckedArguments } from "./with-checked-arguments.ts";
export { checkFence, refuseFence } from "./write/check-fence.ts";
export { checkFeature } from "./search/check-feature.ts";
export { checkTerms } from "./search/check-terms.ts";
export { compareSpecs } from "./spec/compare-specs.ts";
export { copyMetadata } from "./write/copy-json.ts";
export { type FieldTest, type FilterNode, type Scalar } from "./filter/filter-node.ts";
export { filterPredicate, type MetadataTest } from "./filter/filter-predicate.ts";
export { fuseRankings, type FuseOptions } from "./search/fuse-rankings.ts";
export { instant } from "./filter/instant.ts";
export { inverseDocumentFrequency } from "./search/inverse-document-frequency.ts";
export { isStoredChunk } from "./write/chunk-issue.ts";
export { legScores } from "./search/leg-scores.ts";
export { metadataIssue } from "./write/metadata-issue.ts";
export { newVersion } from "./write/new-version.ts";
export { parseFilter } from "./filter/parse-filter.ts";
export {
  planDeletion,
  planSelector,
  type PointTest,
  type SelectablePoint,
  type SelectorPlan,
} from "./search/point-selector.ts";
export { type PlannedLeg } from "./search/plan-leg.ts";
export { planSearch, type SearchPlan } from "./search/search-plan.ts";
export { rankHits, type HitReader, type RankedHit } from "./search/rank-hits.ts";
export { boostField, type ParsedBoost } from "./search/parse-query.ts";
export { boostScores, type BoostOptions } from "./ranking/boost-scores.ts";
export { diversify, type DiversifyOptions } from "./ranking/diversify.ts";
export { bestScore, contextScore, discoveryScore } from "./ranking/best-score.ts";
export { planBoosts, type PlannedBoost } from "./ranking/plan-boosts.ts";
export { resolveSeeds, type RankableLeg, type ResolveSeedsOptions } from "./ranking/resolve-seeds.ts";
export { countFacet, planFacet, sortFacet, type FacetPlan } from "./reads/count-facet.ts";
export { type Position } from "./reads/field-values.ts";
export { groupHits, planGroups, type Group, type GroupPlan } from "./reads/group-hits.ts";
export { planOrder, type OrderPlan, type ScanPlace } from "./reads/plan-order.ts";
export { readScanOptions, type ScanRequest } from "./search/read-scan-options.ts";
export { type Ranked } from "./search/reciprocal-rank-fusion.ts";
export {
  checkCollectionName,
  isCollectionName,
  resolveSpec,
  type ResolvedSpec,
  type SpecCapabilities,
} from "./spec/resolve-spec.ts";
export { wordRanges, words, type WordRange } from "./filter/words.ts";
export { sourceIssue } from "./write/source-issue.ts";
export { shapeIssue, versionIssue, writeIssue } from "./write/write-issue.ts";

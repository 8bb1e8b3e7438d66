/**
 * Describes the content of a collection and the searches of an app: clusters, topics over time, statistics, and
 * a search log. Every figure comes from stored points or recorded searches.
 *
 * @example
 * {@includeCode ../../../../docs/examples/retriever-analytics.ts}
 * @module retriever/analytics
 */
export {
  clusterCollection,
  type ClusterCollectionOptions,
  type ClusterExemplar,
  type CollectionClusters,
  type PointCluster,
} from "./cluster-collection.ts";
export { clusterVectors, type Clustering, type VectorCluster } from "./clustering/cluster-vectors.ts";
export { type ClusterOptions } from "./clustering/cluster-options.ts";
export {
  collectionStatistics,
  type CollectionStatistics,
  type CollectionStatisticsOptions,
} from "./collection-statistics.ts";
export {
  exploreCollection,
  type CollectionExploration,
  type ExploreCollectionOptions,
  type Landmark,
} from "./explore-collection.ts";
export { type Distribution } from "./distribution.ts";
export { createSearchLog, type SearchLog, type SummaryOptions } from "./searches/create-search-log.ts";
export { logSearches, type LogSearchesOptions } from "./searches/log-searches.ts";
export { redactQuery } from "./searches/redact-query.ts";
export { type SearchLogOptions } from "./searches/search-log-options.ts";
export { type Search } from "./searches/search-record.ts";
export {
  type QueryCount,
  type SearchSlice,
  type SearchSummary,
  type TrendingQuery,
} from "./searches/search-summary.ts";
export { type UsageSummary } from "./searches/usage-summary.ts";
export {
  topicsOverTime,
  type TopicsOverTime,
  type TopicsOverTimeOptions,
  type TopicTrend,
} from "./topics-over-time.ts";

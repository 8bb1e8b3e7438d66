import { failureShare, percentiles, rate, type Dashboard } from "./panel.ts";

const store = "binnacle_store_duration_seconds";
const http = "binnacle_http_duration_seconds";
const searches = '{operation=~"search|search_many"}';

/** The dashboard "Vector Database Operations" of the second brief. */
const vectorDatabase: Dashboard = {
  name: "vector-database",
  title: "Vector Database Operations",
  panels: [
    {
      title: "Operations per second",
      kind: "timeseries",
      unit: "reqps",
      description: "Calls to the store, by operation.",
      queries: [{ expr: rate(`${store}_count`, ["operation"]), legend: "{{operation}}" }],
    },
    {
      title: "Latency",
      kind: "timeseries",
      unit: "s",
      description: "Percentiles of each operation of the store.",
      queries: percentiles(store, "operation"),
    },
    {
      title: "Points written per second",
      kind: "timeseries",
      unit: "short",
      description: "Writes that the store applied or refused.",
      queries: [
        { expr: rate("binnacle_store_writes_total", ["type", "outcome"]), legend: "{{type}} {{outcome}}" },
      ],
    },
    {
      title: "Points by collection",
      kind: "timeseries",
      unit: "short",
      description: "Growth of each collection. Every server reports the same number, so the largest counts.",
      queries: [{ expr: "max by (collection) (binnacle_store_points)", legend: "{{collection}}" }],
    },
    {
      title: "Storage of vectors",
      kind: "timeseries",
      unit: "bytes",
      description: "Bytes of the vectors of each collection, without payload and index.",
      queries: [{ expr: "max by (collection) (binnacle_store_vectors_bytes)", legend: "{{collection}}" }],
    },
    {
      title: "Failures",
      kind: "timeseries",
      unit: "percentunit",
      description: "Share of the calls that failed, by operation.",
      queries: [failureShare(store, "operation")],
    },
  ],
};

/** The dashboard "Semantic Search Analytics" of the second brief. */
const semanticSearch: Dashboard = {
  name: "semantic-search",
  title: "Semantic Search Analytics",
  panels: [
    {
      title: "Searches per second",
      kind: "timeseries",
      unit: "reqps",
      description:
        "Searches by collection. Popular and trending queries are in GET /api/v1/analytics/search.",
      queries: [{ expr: rate(`${store}_count`, ["collection"], searches), legend: "{{collection}}" }],
    },
    {
      title: "Latency of searches",
      kind: "timeseries",
      unit: "s",
      description: "Percentiles by collection.",
      queries: percentiles(store, "collection", searches),
    },
    {
      title: "Hits per search",
      kind: "heatmap",
      unit: "none",
      description: "Number of hits that a search returned.",
      queries: [{ expr: rate("binnacle_store_hits_bucket", ["le"]), legend: "{{le}}" }],
    },
    {
      title: "Mean hits per search",
      kind: "timeseries",
      unit: "short",
      description: "A fall means that questions leave what the documents say.",
      queries: [
        {
          expr: `${rate("binnacle_store_hits_sum", ["collection"])} / ${rate("binnacle_store_hits_count", ["collection"])}`,
          legend: "{{collection}}",
        },
      ],
    },
    {
      title: "Questions per second",
      kind: "timeseries",
      unit: "reqps",
      description: "Requests of the routes that answer, by route.",
      queries: [
        {
          expr: rate(`${http}_count`, ["route"], '{route=~".*(chat|search|generate).*"}'),
          legend: "{{route}}",
        },
      ],
    },
    {
      title: "Texts embedded per second",
      kind: "timeseries",
      unit: "short",
      description: "Texts of queries and documents that the embedding server took.",
      queries: [{ expr: "sum(rate(binnacle_embedder_inputs_total[$__rate_interval]))", legend: "texts" }],
    },
  ],
};

/** The dashboard "System Integration Health" of the second brief. */
const systemHealth: Dashboard = {
  name: "system-health",
  title: "System Integration Health",
  panels: [
    {
      title: "Servers that answer",
      kind: "stat",
      unit: "short",
      description: "Scrapes that succeed, by job.",
      queries: [{ expr: "sum by (job) (up)", legend: "{{job}}" }],
    },
    {
      title: "Health of the parts",
      kind: "timeseries",
      unit: "percentunit",
      description: "1: works. 0.5: degraded. 0: does not answer.",
      queries: [
        { expr: "min by (system) (binnacle_store_health_ratio)", legend: "store {{system}}" },
        { expr: "min by (provider) (binnacle_backend_health_ratio)", legend: "model {{provider}}" },
      ],
    },
    {
      title: "Latency between services",
      kind: "timeseries",
      unit: "s",
      description: "95th percentile of the calls to each part.",
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le) (rate(${store}_bucket[$__rate_interval])))`,
          legend: "store",
        },
        {
          expr: "histogram_quantile(0.95, sum by (le) (rate(binnacle_backend_duration_seconds_bucket[$__rate_interval])))",
          legend: "model",
        },
        {
          expr: "histogram_quantile(0.95, sum by (le) (rate(binnacle_embedder_duration_seconds_bucket[$__rate_interval])))",
          legend: "embedder",
        },
        {
          expr: "histogram_quantile(0.95, sum by (le) (rate(binnacle_backend_first_token_seconds_bucket[$__rate_interval])))",
          legend: "first token",
        },
      ],
    },
    {
      title: "Running calls",
      kind: "timeseries",
      unit: "short",
      description: "Calls that wait for a part.",
      queries: [
        { expr: "sum(binnacle_store_running)", legend: "store" },
        { expr: "sum(binnacle_backend_running)", legend: "model" },
        { expr: "sum(binnacle_embedder_running)", legend: "embedder" },
      ],
    },
    {
      title: "Latency of the API",
      kind: "timeseries",
      unit: "s",
      description: "Percentiles by route.",
      queries: percentiles(http, "route"),
    },
    {
      title: "Failures by operation",
      kind: "timeseries",
      unit: "percentunit",
      description: "Share of the calls that failed.",
      queries: [
        failureShare(store, "operation"),
        failureShare("binnacle_backend_duration_seconds", "operation"),
      ],
    },
    {
      title: "Memory",
      kind: "timeseries",
      unit: "bytes",
      description: "Resident memory of each server, to set beside its load.",
      queries: [{ expr: "process_resident_memory_bytes", legend: "{{instance}}" }],
    },
    {
      title: "Busy event loop",
      kind: "timeseries",
      unit: "percentunit",
      description: "Share of the time in which a server's event loop was busy. Near 1 it answers late.",
      queries: [{ expr: "nodejs_eventloop_utilization_ratio", legend: "{{instance}}" }],
    },
  ],
};

/** The three dashboards of the second brief. */
export const dashboards: readonly Dashboard[] = [vectorDatabase, semanticSearch, systemHealth];

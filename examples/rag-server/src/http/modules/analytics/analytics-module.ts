import { collectionStatistics, type QueryCount, type SearchSlice } from "@binnacle/retriever/analytics";
import type { ApiApp, ApiModule, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection, tenantOf } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { periodQuery, searchReply, usageReply, vectorsQuery, vectorsReply } from "./analytics-schemas.ts";

const tags = ["analytics"];
const hourMs = 3_600_000;

/** The routes that describe content, searches and use. Every figure comes from points or recorded searches. */
export const analyticsModule: ApiModule = async (app, { parts }) => {
  addVectors(app, parts);
  addSearches(app, parts);
  addUsage(app, parts);
};

function addVectors(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Describe the points of a collection. Reads the whole collection.",
    tags,
    querystring: vectorsQuery,
    response: { 200: vectorsReply, ...failureReplies },
  };
  const config = { access: { permission: "ViewAnalytics", row: "Q35" } } as const;
  app.get("/analytics/vectors", { schema, config }, async (request, reply) => {
    const { collection } = request.query;
    const { store: options } = callsOf(request, reply, running);
    const { points } = await openCollection(store, collection, { request, options });
    const { vectorBytes, textBytes, dimensions, norms, similarities, spaces, ...rest } =
      await collectionStatistics(points, options);
    return {
      collection,
      ...rest,
      spaces: { ...spaces },
      dimensions: dimensions ?? null,
      vector_bytes: vectorBytes,
      text_bytes: textBytes,
      norms: norms ?? null,
      similarities: similarities ?? null,
    };
  });
}

function addSearches(app: ApiApp, { searches }: ApiParts): void {
  const schema = {
    summary: "Latency, hits and queries of the searches by text, since this process started.",
    tags,
    querystring: periodQuery,
    response: { 200: searchReply, ...failureReplies },
  };
  const config = { access: { permission: "ViewAnalytics", row: "Q36" } } as const;
  app.get("/analytics/search", { schema, config }, (request) => {
    const { hours, limit } = request.query;
    const until = Date.now() + 1; // the end is not included
    const found = searches.of(tenantOf(request)).summary({ since: until - hours * hourMs, until, limit });
    const { zeroHitRate, latencyMs, timeline, scores, popular, unanswered, trending, ...rest } = found;
    return {
      ...rest,
      errors: { ...rest.errors },
      ...periodOf(found),
      zero_hit_rate: zeroHitRate,
      latency_ms: latencyMs,
      timeline: timeline.map(sliceOf),
      scores: [...scores],
      popular: popular.map(queryOf),
      unanswered: unanswered.map(queryOf),
      trending: [...trending],
    };
  });
}

function addUsage(app: ApiApp, { searches }: ApiParts): void {
  const schema = {
    summary: "Users and times of the searches by text, since this process started.",
    tags,
    querystring: periodQuery,
    response: { 200: usageReply, ...failureReplies },
  };
  const config = { access: { permission: "ViewAnalytics", row: "Q37" } } as const;
  app.get("/analytics/usage", { schema, config }, (request) => {
    const { hours, limit } = request.query;
    const until = Date.now() + 1;
    const found = searches.of(tenantOf(request)).usage({ since: until - hours * hourMs, until, limit });
    const { days, topUsers, searchesPerUser, users } = found;
    return {
      ...periodOf(found),
      days: [...days],
      hours: [...found.hours],
      users,
      top_users: [...topUsers],
      searches_per_user: searchesPerUser,
    };
  });
}

function sliceOf({ from, searches, withoutHits, latencyMs }: SearchSlice): {
  from: string;
  searches: number;
  without_hits: number;
  p50_ms: number;
  p95_ms: number;
} {
  const { p50: p50_ms, p95: p95_ms } = latencyMs;
  return { from: new Date(from).toISOString(), searches, without_hits: withoutHits, p50_ms, p95_ms };
}

function periodOf({ since, until }: { readonly since: number; readonly until: number }): {
  since: string;
  until: string;
} {
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

function queryOf({ query, searches, users, zeroHitRate }: QueryCount): {
  query: string;
  searches: number;
  users: number;
  zero_hit_rate: number;
} {
  return { query, searches, users, zero_hit_rate: zeroHitRate };
}

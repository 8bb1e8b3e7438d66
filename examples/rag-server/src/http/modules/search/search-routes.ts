import { BinnacleError } from "@binnacle/core";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { itemFailure } from "../shared/item-failure.ts";
import { openCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { hitReplies, tookMs } from "./hit-replies.ts";
import { searchRecorder } from "./record-search.ts";
import { planSearches } from "./plan-search.ts";
import { batchReply, batchRequest, searchReply, searchRequest } from "./search-schemas.ts";

const tags = ["search"];
const maxBytes = 8 * 1024 * 1024;

/** Adds `POST /vectors/search`. */
export function addSearch(app: ApiApp, parts: ApiParts): void {
  const { store, embedder, sparse, running } = parts;
  const schema = {
    summary: "Find points by a vector or by a text.",
    tags,
    body: searchRequest,
    response: { 200: searchReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q25" } } as const;
  app.post("/vectors/search", { schema, config, bodyLimit: maxBytes }, async (request, reply) => {
    const startedAt = performance.now();
    const { collection, ...search } = request.body;
    const calls = callsOf(request, reply, running);
    const { info, points } = await openCollection(store, collection, { request, options: calls.store });
    const record = searchRecorder(parts.searches, request, startedAt);
    try {
      const [plan] = await planSearches([search], { info, embedder, sparse }, calls);
      if (plan === undefined || BinnacleError.isInstance(plan)) throw plan ?? new TypeError("no plan");
      const found = await points.search(plan.query, calls.store);
      const hits = await hitReplies(found, points, {
        ...calls.store,
        includeVectors: search.include_vectors,
      });
      record(search.text, { mode: plan.mode, hits });
      return { collection, mode: plan.mode, hits, took_ms: tookMs(startedAt) };
    } catch (error) {
      if (calls.store.signal?.aborted !== true && error instanceof Error) record(search.text, error);
      throw error;
    }
  });
}

/** Adds `POST /vectors/search/batch`. */
export function addSearchBatch(app: ApiApp, parts: ApiParts): void {
  const { store, embedder, sparse, running } = parts;
  const schema = {
    summary: "Run many searches in one call to the store, with an outcome for each.",
    description: "The status is 207 if some failed.",
    tags,
    body: batchRequest,
    response: { 200: batchReply, 207: batchReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q26" } } as const;
  app.post("/vectors/search/batch", { schema, config, bodyLimit: maxBytes }, async (request, reply) => {
    const startedAt = performance.now();
    const { collection, searches } = request.body;
    const calls = callsOf(request, reply, running);
    const { info, points } = await openCollection(store, collection, { request, options: calls.store });
    const plans = await planSearches(searches, { info, embedder, sparse }, calls);
    const possible = plans.flatMap((plan) => (BinnacleError.isInstance(plan) ? [] : [plan.query]));
    const results = (await points.searchMany(possible, calls.store)).values();
    const record = searchRecorder(parts.searches, request, startedAt);
    const outcomes = await Promise.all(
      plans.map(async (plan, index) => {
        const { text, include_vectors: includeVectors = false } = searches[index] ?? {};
        if (BinnacleError.isInstance(plan)) {
          record(text, plan);
          return { index, status: "failed" as const, error: itemFailure(plan) };
        }
        const hits = await hitReplies(results.next().value ?? [], points, { ...calls.store, includeVectors });
        record(text, { mode: plan.mode, hits });
        return { index, status: "ok" as const, mode: plan.mode, hits };
      }),
    );
    const failed = outcomes.filter(({ status }) => status === "failed").length;
    const done = { collection, succeeded: outcomes.length - failed, failed, outcomes };
    return await reply.status(failed === 0 ? 200 : 207).send({ ...done, took_ms: tookMs(startedAt) });
  });
}

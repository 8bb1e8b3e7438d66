import { BinnacleError, type Upsert } from "@binnacle/core";
import type { FastifyRequest } from "fastify";
import type { ApiParts } from "../shared/api-parts.ts";
import type { Calls } from "../shared/calls.ts";
import { embedderIssue } from "../shared/embed-texts.ts";
import { openCollection, type OpenCollection } from "../shared/open-collection.ts";
import { requirePermissions } from "../shared/require-permissions.ts";
import { hitReplies } from "../search/hit-replies.ts";
import { planSearches } from "../search/plan-search.ts";
import type { HitReply } from "../search/search-schemas.ts";
import { storeOne } from "../vectors/store-one.ts";
import type { GenerateFields } from "./generate-schemas.ts";

/** The vector parts of a generation. Each is undefined if it was not asked for. */
export interface PointTasks {
  /** Finds points that resemble the prompt. */
  readonly findSimilar?: (() => Promise<HitReply[]>) | undefined;
  /** Stores prompt and text under this id. */
  readonly store?: ((text: string, id: string) => Promise<void>) | undefined;
}

/** Checks rights and collection before the model is asked, so that no tokens are spent on a request that cannot end. */
export async function preparePoints(
  fields: GenerateFields,
  request: FastifyRequest,
  parts: ApiParts,
  calls: Calls,
): Promise<PointTasks> {
  const { find_similar: limit, store_embedding: stores, collection } = fields;
  if (limit === 0 && !stores) return {};
  requirePermissions(request.principal, [
    ...(stores ? (["InsertVectors"] as const) : []),
    ...(limit > 0 ? (["SearchVectors"] as const) : []),
  ]);
  const opened = await openCollection(parts.store, collection, { request, options: calls.store });
  const issue = opened.info.dense ? await embedderIssue(parts.embedder, opened.info, calls.model) : undefined;
  if (issue !== undefined) throw issue;
  return {
    ...(limit > 0 && { findSimilar: () => findSimilar(fields, opened, parts, calls) }),
    ...(stores && { store: (text, id) => storeText({ fields, text, id }, opened, parts, calls) }),
  };
}

async function findSimilar(
  { prompt, find_similar: limit, min_score }: GenerateFields,
  { info, points }: OpenCollection,
  { embedder, sparse }: ApiParts,
  calls: Calls,
): Promise<HitReply[]> {
  const search = { text: prompt, limit, offset: 0, min_score, include_vectors: false };
  const [plan] = await planSearches([search], { info, embedder, sparse }, calls);
  if (plan === undefined || BinnacleError.isInstance(plan)) throw plan ?? new TypeError("no plan");
  const hits = await points.search(plan.query, calls.store);
  return await hitReplies(hits, points, { ...calls.store, includeVectors: false });
}

interface TextToStore {
  readonly fields: GenerateFields;
  readonly text: string;
  readonly id: string;
}

async function storeText(
  { fields, text, id }: TextToStore,
  opened: OpenCollection,
  { embedder, sparse }: ApiParts,
  calls: Calls,
): Promise<void> {
  const metadata: Upsert["metadata"] = fields.metadata ?? {};
  const point = { id, text: `${fields.prompt}\n\n${text}`, metadata };
  await storeOne(point, { ...opened, embedder, sparse }, calls);
}

import { InvalidResponseError, type CallOptions, type Hit } from "@binnacle/core";
import { inBatches } from "@binnacle/core/kit";
import type { RankableLeg, SearchPlan } from "@binnacle/core/stores";
import { z } from "zod";
import {
  hitsOf,
  legSearch,
  rankingSchema,
  type LegRanking,
  type LegSearch,
  type SearchScope,
} from "./search-request.ts";
import { searchBody } from "./search-body.ts";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";

/** Most searches per request. Bounds its size and that of its response. */
const MAX_SEARCHES = 256;

const rankingsSchema = z.array(rankingSchema);

/** Runs queries with one search per leg, and fuses the rankings here, so that all stores fuse alike. */
export async function runSearches(
  plans: readonly SearchPlan<RankableLeg>[],
  scope: SearchScope,
  api: QdrantApi,
  call: CallOptions,
): Promise<readonly (readonly Hit[])[]> {
  const searches = plans.map((plan) => plan.legs.map((leg) => legSearch(leg, plan, scope)));
  const sent = searches.flat().filter((search) => search !== undefined);
  const answers = (await queryBatch(sent, scope, api, call)).values();
  return searches.map((legs, i) => {
    const plan = plans[i];
    const own = legs.map((search) => (search ? answers.next().value : undefined));
    return plan ? hitsOf(own, plan, scope) : [];
  });
}

/** Returns the rankings of searches, in order. Sends one request, or several for many searches. */
export async function queryBatch(
  searches: readonly LegSearch[],
  { collection }: SearchScope,
  api: QdrantApi,
  call: CallOptions,
): Promise<readonly LegRanking[]> {
  const { name } = collection.spec;
  const path = collectionPath(name, "/points/query/batch");
  const answers: LegRanking[] = [];
  for (const batch of inBatches(searches, { maxItems: MAX_SEARCHES })) {
    const request = { method: "POST", path, body: searchBody(batch), collection: name } as const;
    const rankings = await api.result(request, rankingsSchema, call);
    if (rankings.length !== batch.length) throw unexpected(path, batch.length, rankings.length);
    answers.push(...rankings);
  }
  return answers;
}

function unexpected(path: string, asked: number, got: number): InvalidResponseError {
  return new InvalidResponseError(`${path}: the server answered ${asked} searches with ${got} rankings.`);
}

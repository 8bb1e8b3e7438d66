import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection } from "../shared/open-collection.ts";
import { resolvePoints } from "../shared/point-names.ts";
import { failureReplies } from "../shared/replies.ts";
import { hitReplies, tookMs } from "./hit-replies.ts";
import { recommendReply, recommendRequest } from "./search-schemas.ts";

const strategies = { average_vector: "average", best_score: "best" } as const;

/** Adds `POST /vectors/recommend`. */
export function addRecommend(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Find points that resemble some points and differ from others.",
    tags: ["search"],
    body: recommendRequest,
    response: { 200: recommendReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q27" } } as const;
  app.post("/vectors/recommend", { schema, config }, async (request, reply) => {
    const startedAt = performance.now();
    const { collection, positive, negative, limit, offset, filter, ...rest } = request.body;
    const { store: options } = callsOf(request, reply, running);
    const { points, tenant } = await openCollection(store, collection, { request, options });
    const ids = await resolvePoints(points, [...positive, ...negative], { tenant, options });
    const leg = {
      like: ids.slice(0, positive.length),
      ...(negative.length > 0 && { unlike: ids.slice(positive.length) }),
      strategy: strategies[rest.strategy],
      minScore: rest.min_score,
    };
    const found = await points.search({ legs: [leg], limit, offset, ...(filter && { filter }) }, options);
    const hits = await hitReplies(found, points, { ...options, includeVectors: rest.include_vectors });
    return { collection, hits, took_ms: tookMs(startedAt) };
  });
}

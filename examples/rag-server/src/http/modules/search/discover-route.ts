import type { DiscoverLeg } from "@binnacle/core";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection } from "../shared/open-collection.ts";
import { resolvePoints } from "../shared/point-names.ts";
import { failureReplies } from "../shared/replies.ts";
import { hitReplies, tookMs } from "./hit-replies.ts";
import { discoverRequest, recommendReply } from "./search-schemas.ts";

/** Adds `POST /vectors/discover`. */
export function addDiscover(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Find points on the right side of pairs of points, and those nearest to a target first.",
    tags: ["search"],
    body: discoverRequest,
    response: { 200: recommendReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q57" } } as const;
  app.post("/vectors/discover", { schema, config }, async (request, reply) => {
    const startedAt = performance.now();
    const { collection, context, target, limit, offset, filter, ...rest } = request.body;
    const { store: options } = callsOf(request, reply, running);
    const { points, tenant } = await openCollection(store, collection, { request, options });
    const named = [...context.flatMap(({ positive, negative }) => [positive, negative]), target ?? []].flat();
    const ids = await resolvePoints(points, named, { tenant, options });
    const leg: DiscoverLeg = {
      discover: context.map((_, i) => ({ like: ids[2 * i] ?? "", unlike: ids[2 * i + 1] ?? "" })),
      ...(target !== undefined && { target: ids.at(-1) }),
      minScore: rest.min_score,
    };
    const found = await points.search({ legs: [leg], limit, offset, ...(filter && { filter }) }, options);
    const hits = await hitReplies(found, points, { ...options, includeVectors: rest.include_vectors });
    return { collection, hits, took_ms: tookMs(startedAt) };
  });
}

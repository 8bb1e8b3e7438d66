import { exploreCollection } from "@binnacle/retriever/analytics";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { pointReply, tookMs } from "./hit-replies.ts";
import { exploreReply, exploreRequest } from "./search-schemas.ts";

/** Adds `POST /vectors/explore`. */
export function addExplore(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Show what a collection holds, by a few points that differ from each other.",
    tags: ["search"],
    body: exploreRequest,
    response: { 200: exploreReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q57" } } as const;
  app.post("/vectors/explore", { schema, config }, async (request, reply) => {
    const startedAt = performance.now();
    const { collection, landmarks, seed, filter, max_points: maxPoints } = request.body;
    const { store: options } = callsOf(request, reply, running);
    const { points } = await openCollection(store, collection, { request, options });
    const found = await exploreCollection(points, {
      ...options,
      landmarks,
      seed,
      maxPoints,
      ...(filter && { filter }),
    });
    const { coverage, sampled, total } = found;
    const shown = found.landmarks.map(({ point, size, nearest }) => ({
      ...pointReply(point, { includeVector: false }),
      size,
      nearest: nearest ?? null,
    }));
    return { collection, landmarks: shown, coverage, sampled, total, took_ms: tookMs(startedAt) };
  });
}

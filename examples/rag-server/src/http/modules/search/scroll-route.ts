import type { CallOptions, Collection, ScanOptions, StoredPoint } from "@binnacle/core";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { pointReply, tookMs } from "./hit-replies.ts";
import { scrollReply, scrollRequest } from "./search-schemas.ts";

/** Adds `POST /vectors/scroll`. */
export function addScroll(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "List points by pages, in the order of a field or in a fixed order.",
    tags: ["search"],
    body: scrollRequest,
    response: { 200: scrollReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q57" } } as const;
  app.post("/vectors/scroll", { schema, config }, async (request, reply) => {
    const startedAt = performance.now();
    const { collection, limit, offset, filter, order_by, include_vectors: includeVectors } = request.body;
    const { store: options } = callsOf(request, reply, running);
    const { points } = await openCollection(store, collection, { request, options });
    const scan: ScanOptions = {
      includeVectors,
      ...(filter && { filter }),
      ...(order_by && { orderBy: order_by }),
    };
    const page = await pageOf(points, { limit, offset }, { ...options, ...scan });
    return {
      collection,
      points: page.slice(0, limit).map((point) => pointReply(point, { includeVector: includeVectors })),
      next_offset: page.length > limit ? offset + limit : null,
      took_ms: tookMs(startedAt),
    };
  });
}

/** Returns a page, and one point more if there is another page. */
async function pageOf(
  points: Collection,
  { limit, offset }: { readonly limit: number; readonly offset: number },
  scan: ScanOptions & CallOptions,
): Promise<readonly StoredPoint[]> {
  const page: StoredPoint[] = [];
  let seen = 0;
  for await (const point of points.scan({ ...scan, pageSize: Math.min(1000, offset + limit + 1) })) {
    if (seen++ >= offset) page.push(point);
    if (page.length > limit) break;
  }
  return page;
}

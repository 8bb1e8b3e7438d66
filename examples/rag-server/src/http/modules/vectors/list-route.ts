import type { StoredPoint } from "@binnacle/core";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection } from "../shared/open-collection.ts";
import { publicId } from "../shared/point-names.ts";
import { failureReplies } from "../shared/replies.ts";
import { listQuery, listReply } from "./vector-schemas.ts";

/** Adds `GET /vectors`. */
export function addPointList(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "List the points of a collection by pages, in the order of a field or in a fixed order.",
    tags: ["vectors"],
    querystring: listQuery,
    response: { 200: listReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q24" } } as const;
  app.get("/vectors", { schema, config }, async (request, reply) => {
    const { collection, limit, offset, order_by: field, direction, filter } = request.query;
    const { store: options } = callsOf(request, reply, running);
    const { points } = await openCollection(store, collection, { request, options });
    const found: StoredPoint[] = [];
    let position = 0;
    const orderBy = field === undefined ? {} : { orderBy: { field, direction } };
    const pageSize = Math.min(1000, offset + limit + 1);
    // One more than the page tells if there is a next page.
    for await (const point of points.scan({ ...options, ...orderBy, filter, pageSize })) {
      if (position >= offset) found.push(point);
      position += 1;
      if (position > offset + limit) break;
    }
    const page = found.slice(0, limit).map((point) => {
      const { version, chunk, metadata } = point;
      return { id: publicId(point), version, text: chunk.text, title: chunk.title, metadata };
    });
    return { collection, points: page, next: found.length > limit ? offset + limit : null };
  });
}

import { BinnacleError } from "@binnacle/core";
import { RequestFault } from "../../request-fault.ts";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection } from "../shared/open-collection.ts";
import { pointOf, publicId, resolvePoints } from "../shared/point-names.ts";
import { failureReplies } from "../shared/replies.ts";
import { changedPoints } from "./changed-points.ts";
import { writeOne } from "./store-one.ts";
import {
  deleteQuery,
  deleteReply,
  pointParams,
  pointQuery,
  pointReply,
  updateReply,
  updateRequest,
} from "./vector-schemas.ts";

/** Adds `GET /vectors/{id}`. */
export function addGet(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Read a point. Its vector is read only on request.",
    tags: ["vectors"],
    params: pointParams,
    querystring: pointQuery,
    response: { 200: pointReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q24" } } as const;
  app.get("/vectors/:id", { schema, config }, async (request, reply) => {
    const { collection, include_vector: includeVectors } = request.query;
    const { id } = request.params;
    const { store: options } = callsOf(request, reply, running);
    const { points, tenant } = await openCollection(store, collection, { request, options });
    const ids = await resolvePoints(points, [id], { tenant, options });
    const [point] = await points.get(ids, { ...options, includeVectors });
    if (point === undefined) throw noPoint(id, collection);
    const { version, chunk, metadata, dense } = point;
    const { text, title } = chunk;
    return { id: publicId(point), collection, version, text, title, metadata, vector: dense && [...dense] };
  });
}

/** Adds `PUT /vectors/{id}`. */
export function addUpdate(app: ApiApp, { store, embedder, sparse, running }: ApiParts): void {
  const schema = {
    summary: "Change a point. Fields that are left out stay.",
    description: "New metadata alone keeps the vector and embeds nothing.",
    tags: ["vectors"],
    params: pointParams,
    body: updateRequest,
    response: { 200: updateReply, ...failureReplies },
  };
  const config = { access: { permission: "UpdateVectors", row: "Q22" } } as const;
  app.put("/vectors/:id", { schema, config }, async (request, reply) => {
    const { collection, ...changes } = request.body;
    const { id } = request.params;
    const calls = callsOf(request, reply, running);
    const opened = await openCollection(store, collection, { request, options: calls.store });
    const [write] = await changedPoints([{ ...changes, id }], { ...opened, embedder, sparse }, calls);
    if (write === undefined || BinnacleError.isInstance(write)) throw write ?? noPoint(id, collection);
    await writeOne(opened.points, write, calls);
    const embedded =
      changes.text !== undefined && changes.vector === undefined && opened.info.dense !== undefined;
    return { id, collection, embedded };
  });
}

/** Adds `DELETE /vectors/{id}`. */
export function addDelete(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Delete a point. A repeated delete succeeds.",
    tags: ["vectors"],
    params: pointParams,
    querystring: deleteQuery,
    response: { 200: deleteReply, ...failureReplies },
  };
  const config = { access: { permission: "DeleteVectors", row: "Q23" } } as const;
  app.delete("/vectors/:id", { schema, config }, async (request, reply) => {
    const { collection, expected_version: ifVersion } = request.query;
    const { id } = request.params;
    const calls = callsOf(request, reply, running);
    const { points, tenant } = await openCollection(store, collection, { request, options: calls.store });
    const stored = pointOf(id, tenant);
    const [before] = await points.get([stored], calls.store);
    const condition = ifVersion === undefined ? {} : { ifVersion };
    if (before !== undefined) await writeOne(points, { type: "delete", id: stored, ...condition }, calls);
    return { id, collection, deleted: before !== undefined };
  });
}

function noPoint(id: string, collection: string): RequestFault {
  return new RequestFault(404, `there is no point ${JSON.stringify(id)} in collection "${collection}"`);
}

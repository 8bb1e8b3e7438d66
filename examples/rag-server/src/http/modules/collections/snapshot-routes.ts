import { Readable } from "node:stream";
import { UnsupportedError, type Snapshot, type SnapshotAdmin, type VectorStore } from "@binnacle/core";
import type { z } from "zod";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { visibleCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { nameParams } from "./collection-schemas.ts";
import {
  snapshotBytes,
  snapshotDeleted,
  snapshotParams,
  snapshotReply,
  snapshotsQuery,
  snapshotsReply,
} from "./snapshot-schemas.ts";

const tags = ["snapshots"];
const config = {
  access: { permission: "CreateSnapshots", row: "Q34", operatorOnly: true, isAudited: true },
} as const;

/** Adds `POST /collections/{name}/snapshot`. */
export function addSnapshot(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Copy a collection as it is at one moment.",
    tags,
    params: nameParams,
    response: { 201: snapshotReply, ...failureReplies },
  };
  app.post("/collections/:name/snapshot", { schema, config }, async (request, reply) => {
    const { store: options } = callsOf(request, reply, running);
    const { name } = await visibleCollection(store, request.params.name, { request, options });
    return await reply.status(201).send(viewOf(await snapshotsOf(store).create(name, options)));
  });
}

/** Adds `GET /collections/{name}/snapshots`. */
export function addSnapshots(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "List the snapshots of a collection, by name.",
    tags,
    params: nameParams,
    querystring: snapshotsQuery,
    response: { 200: snapshotsReply, ...failureReplies },
  };
  app.get("/collections/:name/snapshots", { schema, config }, async (request, reply) => {
    const { store: options } = callsOf(request, reply, running);
    const { name } = await visibleCollection(store, request.params.name, { request, options });
    const { limit, after = "" } = request.query;
    const rest = (await snapshotsOf(store).list(name, options)).filter((one) => one.name > after);
    const page = rest.slice(0, limit);
    return { snapshots: page.map(viewOf), next: rest.length > limit ? (page.at(-1)?.name ?? null) : null };
  });
}

/** Adds `GET /collections/{name}/snapshots/{snapshot}`. */
export function addDownload(app: ApiApp, { store, running }: ApiParts): void {
  const bytes = {
    description: "The bytes.",
    content: { "application/octet-stream": { schema: snapshotBytes } },
  };
  const schema = {
    summary: "Download a snapshot. The reply breaks off if the bytes are damaged.",
    tags,
    params: snapshotParams,
    response: { 200: bytes, ...failureReplies },
  };
  app.get("/collections/:name/snapshots/:snapshot", { schema, config }, async (request, reply) => {
    const { name, snapshot } = request.params;
    const { store: options } = callsOf(request, reply, running);
    await visibleCollection(store, name, { request, options });
    const chunks = snapshotsOf(store).download(name, snapshot, options)[Symbol.asyncIterator]();
    const first = await chunks.next(); // a missing snapshot is known before the headers are sent
    return await reply.type("application/octet-stream").send(Readable.from(rejoined(first, chunks)));
  });
}

async function* rejoined(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}

/** Adds `DELETE /collections/{name}/snapshots/{snapshot}`. */
export function addSnapshotDelete(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Delete a snapshot. A repeated delete succeeds.",
    tags,
    params: snapshotParams,
    response: { 200: snapshotDeleted, ...failureReplies },
  };
  app.delete("/collections/:name/snapshots/:snapshot", { schema, config }, async (request, reply) => {
    const { name, snapshot } = request.params;
    const { store: options } = callsOf(request, reply, running);
    await visibleCollection(store, name, { request, options });
    return { name: snapshot, deleted: await snapshotsOf(store).delete(name, snapshot, options) };
  });
}

/** Returns the store's snapshots, or throws if it has none. */
export function snapshotsOf({ snapshots }: VectorStore): SnapshotAdmin {
  if (snapshots !== undefined) return snapshots;
  throw new UnsupportedError("this store has no snapshots", { capability: "snapshots" });
}

function viewOf({ name, collection, createdAt, bytes, sha256 }: Snapshot): z.output<typeof snapshotReply> {
  return { name, collection, created_at: createdAt ?? null, bytes, sha256: sha256 ?? null };
}

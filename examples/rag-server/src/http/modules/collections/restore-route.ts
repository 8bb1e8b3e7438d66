import type { Readable } from "node:stream";
import { RequestFault } from "../../request-fault.ts";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { requireName } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { collectionReply, nameParams } from "./collection-schemas.ts";
import { viewOf } from "./collection-view.ts";
import { snapshotsOf } from "./snapshot-routes.ts";
import { restoreQuery } from "./snapshot-schemas.ts";

/** Most bytes of an uploaded snapshot. */
const maxBytes = 16 * 2 ** 30;

/** Adds `POST /collections/{name}/restore`, which streams the upload to the store. */
export async function addRestore(app: ApiApp, { store, running }: ApiParts): Promise<void> {
  const schema = {
    summary: "Create a collection from the bytes of a snapshot, under a free name.",
    description: "The body is the snapshot as application/octet-stream.",
    tags: ["snapshots"],
    params: nameParams,
    querystring: restoreQuery,
    response: { 201: collectionReply, ...failureReplies },
  };
  const access = {
    permission: "ManageCollections",
    row: "Q34",
    operatorOnly: true,
    isAudited: true,
  } as const;
  await app.register(async (uploads) => {
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser("application/octet-stream", (_request, body, done) => done(null, body));
    const routes: ApiApp = uploads;
    routes.post(
      "/collections/:name/restore",
      { schema, config: { access }, bodyLimit: maxBytes },
      async (request, reply) => {
        const { store: options } = callsOf(request, reply, running);
        const { name } = request.params;
        requireName(request.principal, name);
        const { sha256 } = request.query;
        if (!isStream(request.body))
          throw new RequestFault(400, "the request has no body; send the bytes of a snapshot");
        const info = await snapshotsOf(store).restore(name, bounded(request.body), { ...options, sha256 });
        return await reply.status(201).send(await viewOf(store, info, { request, options }));
      },
    );
  });
}

function isStream(body: unknown): body is Readable {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

async function* bounded(body: Readable): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new RequestFault(400, "the body is not bytes");
    total += chunk.length;
    if (total > maxBytes) throw new RequestFault(413, `a snapshot may have at most ${maxBytes} bytes`);
    yield chunk;
  }
}

import { RequestFault } from "../../request-fault.ts";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { canSee, requireName, visibleCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import {
  createReply,
  createRequest,
  deleteQuery,
  deleteReply,
  describeReply,
  listQuery,
  listReply,
  nameParams,
} from "./collection-schemas.ts";
import { specOf } from "./collection-spec.ts";
import { engineOf } from "./engine-view.ts";
import { viewOf } from "./collection-view.ts";

const tags = ["collections"];
const manage = { permission: "ManageCollections", operatorOnly: true, isAudited: true } as const;

/** Adds `POST /collections`. */
export function addCreate(app: ApiApp, { store, embedder, sparse, running }: ApiParts): void {
  const schema = {
    summary: "Create a collection. An equal one may exist; a different one is refused with 409.",
    tags,
    body: createRequest,
    response: { 200: createReply, 201: createReply, ...failureReplies },
  };
  const config = { access: { ...manage, row: "Q29" } };
  app.post("/collections", { schema, config }, async (request, reply) => {
    requireName(request.principal, request.body.name);
    const calls = callsOf(request, reply, running);
    const spec = await specOf(request.body, { store, embedder, sparse }, calls);
    const { outcome, ...info } = await store.ensureCollection(spec, calls.store);
    const view = await viewOf(store, info, { request, options: calls.store });
    return await reply.status(outcome === "created" ? 201 : 200).send({ ...view, outcome });
  });
}

/** Adds `GET /collections`. */
export function addList(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "List the collections that the caller may see, by name.",
    tags,
    querystring: listQuery,
    response: { 200: listReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q30" } } as const;
  app.get("/collections", { schema, config }, async (request, reply) => {
    const { limit, after = "" } = request.query;
    const { store: options } = callsOf(request, reply, running);
    const all = await store.listCollections(options);
    const rest = all.filter((info) => info.name > after && canSee(request.principal, info));
    const page = rest.slice(0, limit);
    const collections = await Promise.all(page.map((info) => viewOf(store, info, { request, options })));
    return { collections, next: rest.length > limit ? (page.at(-1)?.name ?? null) : null };
  });
}

/** Adds `GET /collections/{name}`. */
export function addDescribe(app: ApiApp, parts: ApiParts): void {
  const { store, running } = parts;
  const schema = {
    summary: "Describe a collection, its index and its state in the store.",
    tags,
    params: nameParams,
    response: { 200: describeReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q31" } } as const;
  app.get("/collections/:name", { schema, config }, async (request, reply) => {
    const { store: options } = callsOf(request, reply, running);
    const info = await visibleCollection(store, request.params.name, { request, options });
    const [view, engine] = await Promise.all([
      viewOf(store, info, { request, options }),
      engineOf(info, parts, { request, options }),
    ]);
    return { ...view, engine };
  });
}

/** Adds `DELETE /collections/{name}`. */
export function addDelete(app: ApiApp, { store, running }: ApiParts): void {
  const schema = {
    summary: "Delete a collection with all its points. A repeated delete succeeds.",
    tags,
    params: nameParams,
    querystring: deleteQuery,
    response: { 200: deleteReply, ...failureReplies },
  };
  const config = { access: { ...manage, row: "Q33" } };
  app.delete("/collections/:name", { schema, config }, async (request, reply) => {
    const { name } = request.params;
    if (request.query.confirm !== name) throw unconfirmed(name);
    const { store: options } = callsOf(request, reply, running);
    requireName(request.principal, name);
    return { name, deleted: await store.deleteCollection(name, options) };
  });
}

function unconfirmed(name: string): RequestFault {
  const message = `confirm: must repeat the name of the collection; send ?confirm=${name}`;
  return new RequestFault(400, message, { issues: [{ path: "confirm", message }] });
}

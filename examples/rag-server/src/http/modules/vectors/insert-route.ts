import type { z } from "zod";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { createIdempotency } from "../shared/idempotency.ts";
import { newId } from "../shared/new-id.ts";
import { openCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { storeOne } from "./store-one.ts";
import { insertReply, insertRequest } from "./vector-schemas.ts";

/** Adds `POST /vectors/insert`. */
export function addInsert(app: ApiApp, parts: ApiParts): void {
  const { store, embedder, sparse, running } = parts;
  const memory = createIdempotency<z.output<typeof insertReply>>();
  const schema = {
    summary: "Store a vector, or a text that the server embeds.",
    description: "A repeated request with the same header `idempotency-key` is applied once.",
    tags: ["vectors"],
    body: insertRequest,
    response: { 201: insertReply, ...failureReplies },
  };
  const config = { access: { permission: "InsertVectors", row: "Q20" } } as const;
  app.post("/vectors/insert", { schema, config }, async (request, reply) => {
    const { collection, ...point } = request.body;
    const calls = callsOf(request, reply, running);
    const stored = await memory.once(request, reply, async () => {
      const opened = await openCollection(store, collection, { request, options: calls.store });
      const named = { ...point, id: point.id ?? newId(request) };
      await storeOne(named, { ...opened, embedder, sparse }, calls);
      return { id: named.id, collection };
    });
    return await reply.status(201).send(stored);
  });
}

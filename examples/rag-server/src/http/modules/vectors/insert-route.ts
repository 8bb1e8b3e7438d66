import { randomUUID } from "node:crypto";
import { BinnacleError } from "@binnacle/core";
import { uuidFromName } from "@binnacle/core/kit";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { createIdempotency, idempotencyKey } from "../shared/idempotency.ts";
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

/** Makes an id. With an idempotency key it depends on the key, so that a retry after a restart makes no second point. */
export function newId(request: FastifyRequest, index = 0): string {
  const key = idempotencyKey(request);
  if (key === undefined) return randomUUID();
  return uuidFromName(JSON.stringify(["idempotency-key", request.principal.id, key, index]));
}

/** Returns the body of a failed item. */
export function itemFailure(error: BinnacleError): { readonly code: string; readonly message: string } {
  return { code: error.code, message: error.message };
}

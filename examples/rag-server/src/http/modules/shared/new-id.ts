import { createHash, randomUUID } from "node:crypto";
import { uuidFromName } from "@binnacle/core/kit";
import type { FastifyRequest } from "fastify";
import { idempotencyKey } from "./idempotency.ts";

/** Makes an id. With an idempotency key it depends on the key, so that a retry after a restart makes no second point. */
export function newId(request: FastifyRequest, index = 0): string {
  const key = idempotencyKey(request);
  if (key === undefined) return randomUUID();
  const { principal, method, routeOptions, body } = request;
  const digest = createHash("sha256")
    .update(JSON.stringify(body ?? null))
    .digest("hex");
  return uuidFromName(
    JSON.stringify(["idempotency-key", principal.id, method, routeOptions.url, digest, key, index]),
  );
}

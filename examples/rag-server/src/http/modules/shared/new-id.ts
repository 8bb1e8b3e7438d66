import { randomUUID } from "node:crypto";
import { uuidFromName } from "@binnacle/core/kit";
import type { FastifyRequest } from "fastify";
import { bodyDigest, idempotencyKey } from "./idempotency.ts";

/** Makes an id. With an idempotency key it depends on the key, so that a retry after a restart makes no second point. */
export function newId(request: FastifyRequest, index = 0): string {
  const key = idempotencyKey(request);
  if (key === undefined) return randomUUID();
  const { principal, method, routeOptions } = request;
  const digest = bodyDigest(request);
  return uuidFromName(
    JSON.stringify(["idempotency-key", principal.id, method, routeOptions.url, digest, key, index]),
  );
}

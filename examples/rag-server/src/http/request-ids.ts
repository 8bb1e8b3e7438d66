import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";

const allowed = /^[\w.:-]{1,128}$/;

/** Returns the id of the header `x-request-id` if it is safe for logs and headers, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, "headers">): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && allowed.test(given) ? given : randomUUID();
}

/** Names the request in every reply, so that a client can report it. */
export function sendRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => void reply.header("x-request-id", request.id));
}

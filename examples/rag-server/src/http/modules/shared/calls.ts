import type { CallOptions, InferenceCallOptions } from "@binnacle/core";
import { parseTraceparent } from "@binnacle/core/kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RunningAnswers } from "../../running-answers.ts";

const withinMs = 120_000;

/** Options of the calls that one request makes. */
export interface Calls {
  readonly store: CallOptions;
  readonly model: InferenceCallOptions;
}

/** Ends the calls when the client leaves or the server stops, and carries the request's id and trace. */
export function callsOf(request: FastifyRequest, reply: FastifyReply, running: RunningAnswers): Calls {
  const { traceparent } = request.headers;
  const isTrace = typeof traceparent === "string" && parseTraceparent(traceparent) !== undefined;
  const store = {
    signal: running.signalOf(reply.raw),
    deadlineAt: Date.now() + withinMs,
    ...(isTrace ? { traceparent } : {}),
  };
  return { store, model: { ...store, requestId: request.id, tenant: request.principal.tenant } };
}

import { BinnacleError, ConfigurationError, InferenceError, TimeoutError } from "@binnacle/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { sentenceFor } from "./failure-sentences.ts";
import { RequestFault } from "./request-fault.ts";

/** The body of a failed request. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[] | undefined;
}

const clientCodes: Readonly<Record<number, string>> = {
  400: "invalid_request",
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  413: "too_large",
  415: "unsupported_media_type",
  421: "misdirected",
  429: "rate_limited",
};

/** Replies to any error with a status and a body without internal details. */
export function replyWithFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  logFailure(error, request, reply);
  if (error instanceof RequestFault && error.headers) void reply.headers(error.headers);
  if (isDrained(error, request)) void reply.removeHeader("connection");
  // A stream that failed before its first event had another type.
  void reply.status(statusOf(error)).type("application/json; charset=utf-8").send(failureOf(error));
}

/** Most bytes of a refused body that are read and dropped. */
const mostDropped = 32 * 1024 * 1024;

/**
 * Returns true if the rest of a body that is too large is read, as Node does on a connection that stays open.
 * A client that is still sending on a closed one sees a broken connection, and not the reply.
 */
function isDrained(error: unknown, { headers }: FastifyRequest): boolean {
  return statusOf(error) === 413 && Number(headers["content-length"]) <= mostDropped;
}

/** Replies to an unknown path in the same form as to every failure. */
export function replyNotFound({ method, url }: FastifyRequest, reply: FastifyReply): void {
  const [path = ""] = url.split("?");
  void reply
    .status(404)
    .send({ code: "not_found", message: `there is no route ${method} ${path}; see /docs` });
}

/** Logs the details that the reply leaves out. Faults of the client are not logged. */
export function logFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (isStop(error) || error instanceof RequestFault) return;
  if (statusOf(error) < 500 && !BinnacleError.isInstance(error)) return;
  if (!reply.raw.destroyed) request.log.error(error);
}

/**
 * Returns the reply's body. Errors of the SDK appear only by their cause, because their messages hold
 * internal addresses and paths.
 */
export function failureOf(error: unknown): Failure {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ instancePath, message }) => ({
      path: instancePath.slice(1),
      message: message ?? "",
    }));
    return {
      code: "invalid_request",
      message: issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; "),
      issues,
    };
  }
  if (error instanceof RequestFault) {
    const { statusCode, code = clientCodes[statusCode] ?? "invalid_request", message, issues } = error;
    return { code, message, ...(issues && { issues }) };
  }
  if (BinnacleError.isInstance(error)) return { code: error.code, message: sentenceFor(error) };
  if (isClientError(error)) {
    const code = clientCodes[error.statusCode] ?? "invalid_request";
    const advice = code === "unsupported_media_type" ? "; send application/json" : "";
    return { code, message: `${error.message}${advice}` };
  }
  return { code: "internal", message: "The server failed; its log says why." };
}

function statusOf(error: unknown): number {
  if (error instanceof RequestFault) return error.statusCode;
  if (ConfigurationError.isInstance(error)) return 409;
  if (TimeoutError.isInstance(error)) return 504;
  if (InferenceError.isInstance(error))
    return error.kind === "too-long" || error.kind === "invalid-request" ? 422 : 502;
  if (BinnacleError.isInstance(error) && error.code === "not_found") return 409;
  if (BinnacleError.isInstance(error)) return isStop(error) ? 503 : 502;
  return isClientError(error) ? error.statusCode : 500;
}

/** Returns true if the server is being stopped, which is not a fault. */
function isStop(error: unknown): boolean {
  return BinnacleError.isInstance(error) && error.code === "stopped";
}

function isClientError(error: unknown): error is Error & { statusCode: number } {
  if (!(error instanceof Error) || !("statusCode" in error)) return false;
  return typeof error.statusCode === "number" && error.statusCode >= 400 && error.statusCode < 500;
}

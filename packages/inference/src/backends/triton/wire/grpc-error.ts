import { BinnacleError, InferenceError } from "@binnacle/core";
import { failureError, type FailureContext } from "../../../failures/failure-error.ts";

/** The server that failed, and how far the answer had come. */
export interface GrpcErrorContext extends FailureContext {
  readonly clean: (text: string) => string;
  /** True if a part of the answer had arrived. */
  readonly begun: boolean;
}

// grpc-js reports these itself when a connection breaks. Servers have no reason to send them.
const broken =
  /^(Connection (dropped|closed)|Received RST_STREAM|Call ended without|.*(ECONNRESET|EPIPE|GOAWAY))/;

/**
 * Turns an error of grpc-js into an `InferenceError`. A connection that breaks after the answer has begun has
 * cut it, so the kind is `interrupted`. Returns the SDK's own errors unchanged.
 */
export function grpcError(error: unknown, { clean, begun, ...context }: GrpcErrorContext): unknown {
  if (BinnacleError.isInstance(error) || !(error instanceof Error)) return error;
  const code: unknown = Reflect.get(error, "code");
  if (typeof code !== "number") return error;
  const details: unknown = Reflect.get(error, "details");
  const message = clean(typeof details === "string" && details !== "" ? details : error.message);
  const { label, address: replica } = context;
  const cause = new Error(clean(error.message));
  if (broken.test(message)) {
    const how = begun ? "the connection broke before the answer was finished" : "the connection broke";
    const kind = begun ? "interrupted" : "unreachable";
    return new InferenceError(`${label}: ${how}: ${message}`, { kind, replica, retryable: true, cause });
  }
  return failureError({ grpcCode: code, codes: [], message }, context, { cause });
}

import type { InferenceCallOptions, InferenceError } from "@binnacle/core";
import type { ServerFailure } from "../failures/server-failure.ts";

/** One request to a model server over HTTP. */
export interface ModelRequest {
  /** @default "GET" */
  readonly method?: "GET" | "POST" | undefined;
  /** Below the server's address; begins with `/`. */
  readonly path: string;
  /** Values that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
}

/** Options of one request. */
export interface ModelCallOptions extends InferenceCallOptions {
  /** Most milliseconds for each attempt. @default the server's */
  readonly timeoutMs?: number | undefined;
}

/** An answer whose body comes in pieces. */
export interface StreamedAnswer {
  readonly contentType: string | null;
  /** Leaving it must close the socket. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * One model server over HTTP, as the shared parts of all drivers see it. Every rejection is an error of this SDK or an
 * abort's reason, and holds no secret.
 */
export interface ModelServer {
  /** `LlamaCppBackend http://127.0.0.1:8080`, for messages. */
  readonly label: string;
  /** The address without credentials. */
  readonly address: string;
  /** Most attempts of one call whose options name no number. */
  readonly maxAttempts: number;
  /** The body as JSON, checked by `parse`. Tries again what may pass. */
  json<T>(request: ModelRequest, parse: (body: unknown) => T, options: ModelCallOptions): Promise<T>;
  /** Resolves at the headers, after a single attempt. The body ends with an error if it is cut. */
  stream(request: ModelRequest, options: ModelCallOptions): Promise<StreamedAnswer>;
  /** The error of a failure that the server reports inside an answer. */
  toError(failure: ServerFailure): InferenceError;
  /** Takes the secrets out of a text: some servers repeat them. */
  redact(text: string): string;
  /** Releases the connections; what is under way rejects with `closed`. */
  close(): Promise<void>;
}

/** Who answers: all that parts without HTTP need of a server. */
export type ServerIdentity = Pick<ModelServer, "label" | "address" | "maxAttempts">;

/** The headers that the options of a call ask for. */
export function callHeaders({ requestId }: InferenceCallOptions): Record<string, string> {
  return requestId === undefined ? {} : { "x-request-id": requestId };
}

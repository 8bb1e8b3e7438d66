import type { InferenceCallOptions, InferenceError } from "@binnacle/core";
import type { ServerFailure } from "../failures/server-failure.ts";

/** One request to a model server over HTTP. */
export interface ModelRequest {
  /** HTTP method. @default "GET" */
  readonly method?: "GET" | "POST" | undefined;
  /** Path below the server's address. It begins with `/`. */
  readonly path: string;
  /** Query parameters. Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Body, sent as JSON. */
  readonly json?: unknown;
  /** Parses the bytes of a JSON answer. Must throw if they are not JSON. @default `JSON.parse` */
  readonly parseJson?: ((bytes: Uint8Array) => unknown) | undefined;
}

/** Options of one request. */
export interface ModelCallOptions extends InferenceCallOptions {
  /** Most milliseconds for each attempt. @default the server's */
  readonly timeoutMs?: number | undefined;
}

/** An answer whose body comes in pieces. */
export interface StreamedAnswer {
  readonly contentType: string | null;
  /** The bytes. Leaving the loop must close the socket. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * One model server over HTTP, for the parts that all drivers share. Every call rejects with an error of this
 * SDK or with an abort's reason. Errors hold no secrets.
 */
export interface ModelServer {
  /** Driver and address for messages, such as `LlamaCppBackend http://127.0.0.1:8080`. */
  readonly label: string;
  /** The address without credentials. */
  readonly address: string;
  /** Most attempts of a call whose options name no number. */
  readonly maxAttempts: number;
  /** Sends a request and returns the JSON body, checked by `parse`. Retries failures that may pass. */
  json<T>(request: ModelRequest, parse: (body: unknown) => T, options: ModelCallOptions): Promise<T>;
  /** Sends a request once and resolves when its headers arrive. The body throws if it is cut. */
  stream(request: ModelRequest, options: ModelCallOptions): Promise<StreamedAnswer>;
  /** Creates the error of a failure that the server reports inside an answer. */
  toError(failure: ServerFailure): InferenceError;
  /** Removes secrets from a text, because some servers repeat them. */
  redact(text: string): string;
  /** Closes the connections. Pending calls reject with code `closed`. */
  close(): Promise<void>;
}

/** A whole answer as bytes. */
export interface BinaryAnswer {
  /** Returns the value of a header, or null. */
  header(name: string): string | null;
  readonly body: Uint8Array;
}

/** A model server whose answers can be read as bytes. */
export interface BinaryModelServer extends ModelServer {
  /** Sends a request and returns what `parse` makes of its bytes. Retries failures that may pass. */
  bytes<T>(request: ModelRequest, parse: (answer: BinaryAnswer) => T, options: ModelCallOptions): Promise<T>;
}

/** The facts about a server that parts without HTTP need. */
export type ServerIdentity = Pick<ModelServer, "label" | "address" | "maxAttempts">;

/** Returns the headers for the options of a call. */
export function callHeaders({ requestId }: InferenceCallOptions): Record<string, string> {
  return requestId === undefined ? {} : { "x-request-id": requestId };
}

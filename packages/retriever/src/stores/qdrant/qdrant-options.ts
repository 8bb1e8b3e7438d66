import { parseOptions, type HttpFetch, type TlsOptions } from "@binnacle/core/kit";
import { z } from "zod";
import {
  collectionSchema,
  type QdrantCollectionOptions,
  type QdrantCollectionSettings,
} from "./collections/collection-options.ts";

/** Options of {@link QdrantStore}. */
export interface QdrantStoreOptions {
  /** Address of the server's REST interface with its port, such as `http://localhost:6333`. */
  readonly url: string;
  /** Sent with every request as `api-key`. @default none */
  readonly apiKey?: string | undefined;
  /** Most milliseconds from sending a request to the response headers. A call's own deadline may be
   * earlier. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Attempts per request, including the first. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** Bounds of one write request. A larger batch is sent in several requests. */
  readonly batch?: QdrantBatchOptions | undefined;
  /** The layout of new collections on the server. @default {@link QdrantCollectionOptions}'s defaults */
  readonly collections?: QdrantCollectionOptions | undefined;
  /** Certificates for an https server. @default Node's own authorities */
  readonly tls?: TlsOptions | undefined;
  /** Replaces the HTTP client, for tests or an app's own client. @default undici's fetch */
  readonly fetch?: HttpFetch | undefined;
}

/** Bounds of one write request. */
export interface QdrantBatchOptions {
  /** Most bytes of the body. @default 16 MiB */
  readonly maxBytes?: number | undefined;
  /** Writes in one request. @default 1_000 */
  readonly maxWrites?: number | undefined;
}

const schema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
  apiKey: z.string().min(1).optional(),
  timeoutMs: z.int().positive().default(30_000),
  maxAttempts: z.int().positive().default(3),
  batch: z
    .strictObject({
      maxBytes: z
        .int()
        .positive()
        .max(30 * 2 ** 20, "must be below the server's limit of 32 MB")
        .default(16 * 2 ** 20),
      maxWrites: z.int().positive().default(1_000),
    })
    .prefault({}),
  collections: collectionSchema,
  tls: z.custom<TlsOptions>((value) => typeof value === "object" && value !== null).optional(),
  fetch: z.custom<HttpFetch>((value) => typeof value === "function", "must be a function").optional(),
});

/** Options with their defaults. */
export interface QdrantSettings {
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly batch: { readonly maxBytes: number; readonly maxWrites: number };
  readonly collections: QdrantCollectionSettings;
  readonly tls?: TlsOptions | undefined;
  readonly fetch?: HttpFetch | undefined;
}

/** Checks options and adds defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseQdrantOptions(options: QdrantStoreOptions): QdrantSettings {
  return parseOptions("QdrantStore", schema, options);
}

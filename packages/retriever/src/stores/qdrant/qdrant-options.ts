import { parseOptions, type HttpFetch, type TlsOptions } from "@binnacle/core/kit";
import { z } from "zod";
import {
  collectionSchema,
  type QdrantCollectionOptions,
  type QdrantCollectionSettings,
} from "./collections/collection-options.ts";
import { isQdrantClient, type QdrantClientLike } from "./wire/injected-client.ts";

/** Options of {@link QdrantStore}. Give exactly one of `url` and `client`. */
export interface QdrantStoreOptions {
  /** Address of the server's REST interface with its port, such as `http://localhost:6333`. */
  readonly url?: string | undefined;
  /** Sent with every request as `api-key`. Only with `url`. @default none */
  readonly apiKey?: string | undefined;
  /**
   * A `QdrantClient` of `@qdrant/js-client-rest` 1.15 or newer. The store reads its address, key and headers,
   * and sends its own requests, so that calls can be aborted and retried. The client's `timeout` and
   * `maxConnections` have no effect. The store never closes the client.
   */
  readonly client?: QdrantClientLike | undefined;
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

const schema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional(),
    apiKey: z.string().min(1).optional(),
    client: z
      .custom<QdrantClientLike>(
        isQdrantClient,
        "must be a QdrantClient of @qdrant/js-client-rest 1.15 or newer",
      )
      .optional(),
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
  })
  .transform(({ url, apiKey, client, ...rest }, context): QdrantSettings => {
    const report = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (client !== undefined && url !== undefined) report("client", "give either `client` or `url`");
    if (client !== undefined && apiKey !== undefined)
      report("apiKey", "has no effect with `client`. Give the client the key");
    if (client !== undefined) return { ...rest, target: { client } };
    if (url !== undefined) return { ...rest, target: { url, apiKey } };
    report("url", "is required, such as http://localhost:6333");
    return z.NEVER;
  });

/** Options with their defaults. */
export interface QdrantSettings {
  readonly target:
    { readonly url: string; readonly apiKey: string | undefined } | { readonly client: QdrantClientLike };
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

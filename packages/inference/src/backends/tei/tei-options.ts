import { parseOptions, type HttpFetch } from "@binnacle/core/kit";
import { z } from "zod";
import {
  rerankingFields,
  type RerankingOptions,
  type RerankingSettings,
} from "../../reranking/reranking-options.ts";
import { checkServerUrl, serverFields } from "../../server/server-fields.ts";

/** Options of `TeiReranker`. */
export interface TeiRerankerOptions extends RerankingOptions {
  /** Address of the server, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Name of the model, for servers without `/info`. @default the server's */
  readonly model?: string | undefined;
  /** Key that the server was started with (`--api-key`). @default none */
  readonly apiKey?: string | undefined;
  /** Headers of every request, for example for a proxy. They override the key's header. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Most milliseconds until a connection is open. A `fetch` of your own has its own limit. @default 10_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /** Most attempts of one request while the server is overloaded or unreachable. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** Your own `fetch`. @default a fetch of this driver with its own connections */
  readonly fetch?: HttpFetch | undefined;
}

/** {@link TeiRerankerOptions} with the defaults filled in. */
export interface TeiRerankerSettings extends TeiRerankerOptions, RerankingSettings {
  readonly maxItems: number;
  readonly maxBatchBytes: number;
  readonly requestTimeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly maxAttempts: number;
}

const schema = z.strictObject({ ...serverFields(), ...rerankingFields() }).superRefine(checkServerUrl);

/** Checks the options of a `TeiReranker`; throws `ConfigurationError`. */
export function parseRerankerOptions(options: TeiRerankerOptions): TeiRerankerSettings {
  return parseOptions("TeiReranker", schema, options);
}

import { InferenceError, type CallOptions } from "@binnacle/core";
import {
  createHttpClient,
  redact,
  secretsIn,
  type HttpClient,
  type HttpRequest,
  type HttpStream,
} from "@binnacle/core/kit";
import { attempted } from "../../attempted.ts";
import { parseAddress } from "../../protocol/server-address.ts";
import { llamaCppError } from "./llama-cpp-error.ts";
import type { LlamaCppServerSettings } from "./llama-cpp-options.ts";

/** Options of one request. */
export interface LlamaCppCallOptions extends CallOptions {
  /** Most milliseconds until the answer begins. @default the HTTP client's */
  readonly headersTimeoutMs?: number | undefined;
  /** Tries in all. @default the server's setting */
  readonly maxAttempts?: number | undefined;
}

/** The wire to one llama-server: tries again what may pass, and names causes in the words of inference. */
export interface LlamaCppServer {
  /** `LlamaCppBackend http://127.0.0.1:8080`, for messages. */
  readonly source: string;
  /** The address without credentials. */
  readonly replica: string;
  /** Takes the secrets out of a text that the HTTP client has not seen. */
  clean(text: string): string;
  json<T>(request: HttpRequest, parse: (value: unknown) => T, options: LlamaCppCallOptions): Promise<T>;
  stream(request: HttpRequest, options: LlamaCppCallOptions): Promise<HttpStream>;
  close(): Promise<void>;
}

/** Makes the wire; opens no connection yet. `onLost` is told when the server was not there: it may come back as another. */
export function createLlamaCppServer(
  component: string,
  settings: LlamaCppServerSettings,
  onLost: () => void,
): LlamaCppServer {
  const { apiKey, connectTimeoutMs, fetch, maxAttempts } = settings;
  const { url: replica, secrets } = parseAddress(component, settings.url);
  const headers = {
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...settings.headers,
  };
  const http: HttpClient = createHttpClient({
    baseUrl: settings.url,
    headers,
    connectTimeoutMs,
    fetch,
  });
  const sent = <T>(call: () => Promise<T>, options: LlamaCppCallOptions): Promise<T> =>
    attempted(
      replica,
      {
        signal: options.signal,
        deadlineAt: options.deadlineAt,
        maxAttempts: options.maxAttempts ?? maxAttempts,
      },
      async () => {
        try {
          return await call();
        } catch (thrown) {
          const error = llamaCppError(thrown, { component, replica });
          if (InferenceError.isInstance(error) && isLost(error)) onLost();
          throw error;
        }
      },
    );
  return {
    source: `${component} ${replica}`,
    replica,
    clean: (text) => redact(text, [...secretsIn(headers), ...secrets]),
    json: (request, parse, options) => sent(() => http.json(request, parse, options), options),
    stream: (request, options) => sent(() => http.stream(request, options), options),
    close: () => http.close(),
  };
}

function isLost({ kind }: InferenceError): boolean {
  return kind === "unreachable" || kind === "interrupted" || kind === "loading";
}

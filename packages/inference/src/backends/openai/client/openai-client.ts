/** The part of an answer that the driver reads. */
export interface OpenAIResponse {
  /** The raw body. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** Read only to describe an answer of an unexpected form. */
  readonly headers?:
    | {
        /** Returns the header's value, or null if it is missing. */
        get(name: string): string | null;
      }
    | undefined;
}

/** A request that was sent. */
export interface OpenAIPendingResponse {
  /** Resolves with the raw answer as soon as its headers arrive. Rejects with the package's errors. */
  asResponse(): Promise<OpenAIResponse>;
}

/** The request options that the driver sets. */
export interface OpenAIRequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
  readonly headers?: Record<string, string>;
  /** Always 0, because the driver retries by itself. */
  readonly maxRetries?: number;
  /** Milliseconds. Always the longest possible, because the driver has its own timers. */
  readonly timeout?: number;
}

/**
 * The part of the `openai` package's client that the driver uses: an `OpenAI`, an `AzureOpenAI` or your own
 * class. The driver reads only raw answers. The package's embeddings decoder corrupts numbers that are not
 * base64, and its streams end without an error when they are cut.
 */
export interface OpenAIClient {
  /** The address of the API. */
  readonly baseURL: string;
  /** Sends a POST request to a path below the address. */
  post(path: string, options: OpenAIRequestOptions): OpenAIPendingResponse;
  /** Sends a GET request to a path below the address. */
  get(path: string, options: OpenAIRequestOptions): OpenAIPendingResponse;
}

/**
 * Returns the keys of a client that a message may repeat. Call it late, because a client may fetch its key
 * late.
 */
export function secretsOfClient(client: OpenAIClient): readonly string[] {
  const keys: readonly unknown[] = [Reflect.get(client, "apiKey"), Reflect.get(client, "adminAPIKey")];
  // Shorter values such as "none" or "EMPTY" stand for no key. Redacting them would damage messages.
  return keys.filter((key) => typeof key === "string").filter(({ length }) => length >= 8);
}

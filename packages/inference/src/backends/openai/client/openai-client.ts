/** What is used of an answer. */
export interface OpenAIResponse {
  /** The raw body. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** Read where the body is none of what was asked for, to say what came. */
  readonly headers?:
    | {
        /** The header's value; null where it is missing. */
        get(name: string): string | null;
      }
    | undefined;
}

/** A request under way. */
export interface OpenAIPendingResponse {
  /** The answer as it came, when its headers are there. Rejects with the package's errors. */
  asResponse(): Promise<OpenAIResponse>;
}

/** What is used of a request's options. */
export interface OpenAIRequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
  readonly headers?: Record<string, string>;
  /** Always 0: the driver has its own. */
  readonly maxRetries?: number;
  /** Milliseconds; always the longest there is: the driver has its own. */
  readonly timeout?: number;
}

/**
 * The part of the `openai` package's client that is used: an `OpenAI`, an `AzureOpenAI` or a class of the app's own. Only
 * raw answers are read, because its embeddings decoder corrupts numbers that are not base64, and its streams end
 * silently where they are cut.
 */
export interface OpenAIClient {
  /** The address of the API. */
  readonly baseURL: string;
  /** Sends a POST request to a path below the address. */
  post(path: string, options: OpenAIRequestOptions): OpenAIPendingResponse;
  /** Sends a GET request to a path below the address. */
  get(path: string, options: OpenAIRequestOptions): OpenAIPendingResponse;
}

/** What of a client may show up in the words of others. Read when it is needed: a client may fetch its key late. */
export function secretsOfClient(client: OpenAIClient): readonly string[] {
  const keys: readonly unknown[] = [Reflect.get(client, "apiKey"), Reflect.get(client, "adminAPIKey")];
  // What is shorter stands in for a key where none is needed: "none", "EMPTY". Redacting it would tear up messages.
  return keys.filter((key) => typeof key === "string").filter(({ length }) => length >= 8);
}

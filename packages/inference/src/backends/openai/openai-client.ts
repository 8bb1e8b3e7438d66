/** What is used of an answer. */
export interface OpenAIResponse {
  readonly body: ReadableStream<Uint8Array> | null;
  json(): Promise<unknown>;
}

/** What is used of a request's options. */
export interface OpenAIRequestOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
  readonly headers?: Record<string, string>;
  readonly maxRetries?: number;
  readonly timeout?: number;
}

/**
 * The part of the `openai` package's client that is used: an `OpenAI`, an `AzureOpenAI` or a class of the app's own. Only
 * raw answers are read, because its embeddings decoder corrupts numbers that are not base64, and its streams end
 * silently where they are cut.
 */
export interface OpenAIClient {
  readonly baseURL: string;
  post(path: string, options: OpenAIRequestOptions): { asResponse(): Promise<OpenAIResponse> };
  get(path: string, options: OpenAIRequestOptions): { asResponse(): Promise<OpenAIResponse> };
}

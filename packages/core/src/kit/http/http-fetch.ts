/** Options that the client passes to `fetch`. */
export interface HttpFetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob;
  readonly signal: AbortSignal;
  readonly redirect: "manual";
}

/** The part of a response that the client reads. */
export interface HttpFetchResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** Headers of a response. */
export interface HttpHeaders {
  /** Returns the header's value, or null. Joins several values with commas. Ignores the case of the name. */
  get(name: string): string | null;
}

/** The part of the standard `fetch` that the client uses. It must obey the signal. */
export type HttpFetch = (url: string, init: HttpFetchInit) => Promise<HttpFetchResponse>;

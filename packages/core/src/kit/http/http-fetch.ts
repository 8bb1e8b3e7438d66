/** What the client asks of a `fetch`. */
export interface HttpFetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
  readonly redirect: "manual";
}

/** What the client needs of an answer. */
export interface HttpFetchResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** Headers of an answer. */
export interface HttpHeaders {
  /** The value, several joined by commas, or null. The name's case does not matter. */
  get(name: string): string | null;
}

/** The part of the standard's `fetch` that the client uses: undici's, Node's own or a fake. It must honour the signal. */
export type HttpFetch = (url: string, init: HttpFetchInit) => Promise<HttpFetchResponse>;

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** A request that a client is expected to send. */
export interface ExpectedRequest {
  /** HTTP method. @default "GET" */
  readonly method?: string | undefined;
  /** Path and query, such as `/v1/models?limit=1`. */
  readonly path: string;
  /** Expected body as JSON. @default any body */
  readonly json?: unknown;
  /** Expected body as text. @default any body */
  readonly body?: string | undefined;
}

/** A recorded response. */
export interface RecordedResponse {
  /** HTTP status. @default 200 */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body. An array holds the pieces in which it arrived. @default empty */
  readonly body?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** End of the body. `complete`: normal. `cut`: the connection breaks. `open`: no end until an abort.
   * @default "complete" */
  readonly ending?: "complete" | "cut" | "open" | undefined;
}

/** A request without a response. */
export interface RecordedFailure {
  /** The system's error code, such as `ECONNREFUSED`. `hang`: the response never arrives. */
  readonly failure: string;
}

/** One request and its response or failure. */
export interface RecordedExchange {
  readonly request: ExpectedRequest;
  readonly response: RecordedResponse | RecordedFailure;
}

/** A request that the client sent. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  /** The body as text. */
  readonly body: string;
}

/** Replays recorded exchanges. */
export interface ReplayingFetch {
  /** The `fetch` for the client. Rejects an unexpected request and names the expected ones. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** All requests so far, in order, including unexpected ones. */
  readonly requests: readonly SeenRequest[];
  /** Throws if an exchange was not used, or if a request was unexpected. */
  assertDone(): void;
}

/**
 * Creates a `fetch` that replays each recorded exchange once. A request gets the first unused exchange with
 * its method, path and body, so concurrent requests may arrive in any order.
 */
export function createReplayingFetch(exchanges: readonly RecordedExchange[]): ReplayingFetch {
  const left = [...exchanges];
  const requests: SeenRequest[] = [];
  const complaints: Error[] = [];
  return {
    requests,
    async fetch(input, init) {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const url = new URL(request.url);
      const seen = {
        method: request.method,
        path: url.pathname + url.search,
        headers: request.headers,
        body: await request.text(),
      };
      requests.push(seen);
      try {
        const exchange = take(left, seen);
        return await respond(exchange.response, init?.signal ?? request.signal);
      } catch (error) {
        if (error instanceof assert.AssertionError) complaints.push(error);
        throw error;
      }
    },
    assertDone() {
      const [complaint] = complaints;
      if (complaint !== undefined) throw complaint;
      assert.deepEqual(left.map(nameOf), [], "these exchanges were not asked for");
    },
  };
}

function take(left: RecordedExchange[], seen: SeenRequest): RecordedExchange {
  const near = left.filter(({ request }) => nameOf({ request }) === `${seen.method} ${seen.path}`);
  const [first] = near;
  if (first === undefined) {
    const expected = left.map(nameOf).join(", ") || "nothing more";
    assert.fail(`unexpected request ${seen.method} ${seen.path} ${seen.body}; expected: ${expected}`);
  }
  const match = near.find(({ request }) => isDeepStrictEqual(bodyOf(seen, request), expectedBody(request)));
  if (match === undefined) {
    assert.deepEqual(bodyOf(seen, first.request), expectedBody(first.request), `body of ${nameOf(first)}`);
    return first;
  }
  left.splice(left.indexOf(match), 1);
  return match;
}

function nameOf({ request }: Pick<RecordedExchange, "request">): string {
  return `${request.method ?? "GET"} ${request.path}`;
}

function expectedBody(request: ExpectedRequest): unknown {
  return request.json ?? request.body;
}

function bodyOf(seen: SeenRequest, request: ExpectedRequest): unknown {
  if (request.json !== undefined) return seen.body === "" ? undefined : JSON.parse(seen.body);
  return request.body === undefined ? undefined : seen.body;
}

async function respond(recorded: RecordedExchange["response"], signal: AbortSignal): Promise<Response> {
  if ("failure" in recorded) {
    if (recorded.failure === "hang") return await untilAborted(signal);
    // fetch reports network errors in this shape.
    throw new TypeError("fetch failed", {
      cause: Object.assign(new Error(recorded.failure), { code: recorded.failure }),
    });
  }
  const { status = 200, headers = {}, body = [], ending = "complete" } = recorded;
  const pieces = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
  if (ending === "complete" && pieces.length === 0) return new Response(null, { status, headers });
  return new Response(ReadableStream.from(played(pieces, ending, signal)), { status, headers });
}

async function* played(
  pieces: readonly (string | Uint8Array)[],
  ending: "complete" | "cut" | "open",
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  for (const piece of pieces) {
    signal.throwIfAborted();
    yield typeof piece === "string" ? encoder.encode(piece) : piece;
  }
  if (ending === "open") await untilAborted(signal);
  if (ending === "cut") {
    const cause = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
    throw new TypeError("terminated", { cause });
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

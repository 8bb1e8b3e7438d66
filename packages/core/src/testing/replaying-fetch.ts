import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** What a client is expected to ask. */
export interface ExpectedRequest {
  /** @default "GET" */
  readonly method?: string | undefined;
  /** Path and query: `/v1/models?limit=1`. */
  readonly path: string;
  /** What the body must be as JSON. @default anything */
  readonly json?: unknown;
  /** What the body must be as text. @default anything */
  readonly body?: string | undefined;
}

/** What a server answered. */
export interface RecordedResponse {
  /** @default 200 */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body, in the pieces it came in if it is a list. @default empty */
  readonly body?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** How the body ends: as it should, with a broken connection, or not before it is aborted. @default "complete" */
  readonly ending?: "complete" | "cut" | "open" | undefined;
}

/** A request that got no answer. */
export interface RecordedFailure {
  /** The system's error code, `ECONNREFUSED` say; `hang` for an answer that never comes. */
  readonly failure: string;
}

/** One request and what came of it. */
export interface RecordedExchange {
  readonly request: ExpectedRequest;
  readonly response: RecordedResponse | RecordedFailure;
}

/** A request that was made. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  /** The body as text. */
  readonly body: string;
}

/** Plays recorded exchanges. */
export interface ReplayingFetch {
  /** To be passed as `fetch`. Rejects a request that is not expected, and says what was. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Every request so far, in order, the unexpected ones too. */
  readonly requests: readonly SeenRequest[];
  /** Throws where an exchange was not asked for, or a request was not expected. */
  assertDone(): void;
}

/**
 * A `fetch` that plays recorded exchanges, each once. A request gets the first one left with its method, path and body,
 * so that concurrent requests may come in any order.
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
    // The shape in which fetch reports what happened below it.
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

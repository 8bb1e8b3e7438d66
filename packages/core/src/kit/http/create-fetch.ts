import { z } from "zod";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { Closable } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { longestDelayMs } from "../time/timer.ts";
import { createConnections } from "./connections.ts";

/** Options of {@link createFetch}. */
export interface FetchOptions {
  /** Most milliseconds until a connection stands. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
}

/** A `fetch` for clients of others, and its connections. */
export interface OwnFetch extends Closable {
  /** The standard's `fetch`, for addresses and for bodies that are text. */
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
}

const schema = z.strictObject({
  connectTimeoutMs: z.int().positive().max(longestDelayMs).default(10_000),
});

/**
 * undici's `fetch` with connections of its own, loaded by the first request. Once connected it never gives up by itself,
 * where Node's own `fetch` does after 300 s without headers or between two pieces of a body: the signal is the only limit.
 */
export function createFetch(options: FetchOptions = {}): OwnFetch {
  const connections = createConnections(parseOptions("createFetch", schema, options));
  const close = (): Promise<void> => connections.close();
  return {
    async fetch(url, { method = "GET", headers, body, signal, redirect = "follow" } = {}) {
      if (body !== undefined && body !== null && typeof body !== "string")
        throw new BinnacleError("invalid_request", "createFetch: a body must be text");
      const opening = connections.open();
      const [{ fetch }, dispatcher] = await Promise.all([import("undici"), opening]);
      const sent = { method, headers: [...new Headers(headers)], redirect, dispatcher };
      const answer = await fetch(url, { ...sent, body: body ?? null, signal: signal ?? null });
      // undici's Response is none of the platform's, but its stream is.
      const { status, statusText } = answer;
      const init = { status, statusText: sayable(statusText), headers: [...answer.headers] };
      return new Response(answer.body, init);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

// undici reads the words beside a status as UTF-8, and some servers write them in their own language. The platform's
// Response refuses all that is not Latin-1, and the answer with it; nothing depends on these words.
function sayable(statusText: string): string {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(statusText) ? statusText : "";
}

import { z } from "zod";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { Closable } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { longestDelayMs } from "../time/timer.ts";
import { once } from "../once.ts";
import { createConnections } from "./connections.ts";

/** Options of {@link createFetch}. */
export interface FetchOptions {
  /** Longest time for opening a connection, in milliseconds. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
}

/** A `fetch` for third-party clients, with its own connections. */
export interface OwnFetch extends Closable {
  /** The standard `fetch`. It takes addresses instead of `Request` objects, and only bodies that are text. */
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
}

const schema = once(() =>
  z.strictObject({
    connectTimeoutMs: z.int().positive().max(longestDelayMs).default(10_000),
  }),
);

/**
 * Creates a `fetch` with its own connections. The first request loads undici. Once it is connected, only the
 * signal ends a request. Node's own `fetch` gives up after 300 s without headers, or without a further piece
 * of the body.
 */
export function createFetch(options: FetchOptions = {}): OwnFetch {
  const connections = createConnections(parseOptions("createFetch", schema(), options));
  const close = (): Promise<void> => connections.close();
  return {
    async fetch(url, { method = "GET", headers, body, signal, redirect = "follow" } = {}) {
      if (body !== undefined && body !== null && typeof body !== "string")
        throw new BinnacleError(
          "invalid_request",
          "createFetch: `body` must be a string. Convert it to text.",
        );
      const opening = connections.open();
      const [{ fetch }, dispatcher] = await Promise.all([import("undici"), opening]);
      const sent = { method, headers: [...new Headers(headers)], redirect, dispatcher };
      const answer = await fetch(url, { ...sent, body: body ?? null, signal: signal ?? null });
      // undici's Response is not an instance of the platform's class, but its stream is.
      const { status, statusText } = answer;
      const init = { status, statusText: latin1Text(statusText), headers: [...answer.headers] };
      return new Response(answer.body, init);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

// undici reads the status text as UTF-8, and some servers write it in their own language. The platform's
// Response throws for text that is not Latin-1. The text has no effect, so it is dropped.
function latin1Text(statusText: string): string {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(statusText) ? statusText : "";
}

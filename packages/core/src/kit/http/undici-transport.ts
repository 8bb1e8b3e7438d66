import { createConnections, hasReadNothing, type ConnectionsOptions } from "./connections.ts";
import type { HttpFetch } from "./http-fetch.ts";

/** A `fetch` and its connections. */
export interface Transport {
  readonly fetch: HttpFetch;
  /** Returns true if this error came from a connection that never received a byte. */
  isFromNewConnection(error: Error): boolean;
  /** True if a request over TLS may use HTTP/2. */
  readonly mayUseHttp2: boolean;
  /** Closes every connection. Abort the running requests first: over HTTP/2 they may wait for ever. */
  close(): Promise<void>;
}

/** Creates a transport on undici's fetch. The first request loads undici. */
export function createUndiciTransport(options: ConnectionsOptions): Transport {
  const connections = createConnections(options);
  let undici: Promise<typeof import("undici")> | undefined;
  return {
    async fetch(url, init) {
      const opening = connections.open();
      // Kept, because an import of a loaded module takes longer than the rest of this function.
      const [{ fetch }, dispatcher] = await Promise.all([(undici ??= import("undici")), opening]);
      return fetch(url, { ...init, dispatcher });
    },
    isFromNewConnection: connections.isFromNewConnection,
    get mayUseHttp2() {
      return connections.mayUseHttp2;
    },
    close: connections.close,
  };
}

/** Creates a transport on the caller's `fetch`. Its owner closes the connections. */
export function transportOf(fetch: HttpFetch): Transport {
  return { fetch, isFromNewConnection: hasReadNothing, mayUseHttp2: true, close: () => Promise.resolve() };
}

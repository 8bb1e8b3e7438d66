import { createConnections, hasReadNothing, type ConnectionsOptions } from "./connections.ts";
import type { HttpFetch } from "./http-fetch.ts";

/** A `fetch` with its connections. */
export interface Transport {
  readonly fetch: HttpFetch;
  /** Whether this error, or its cause, came from a connection on which nothing had ever been answered. */
  isFromNewConnection(error: Error): boolean;
  /** Whether a request over TLS may travel over HTTP/2. */
  readonly mayUseHttp2: boolean;
  /** Cuts every connection; what is under way fails. */
  close(): Promise<void>;
}

/** undici's own fetch on an Agent of its own; both are loaded by the first request. */
export function createUndiciTransport(options: ConnectionsOptions): Transport {
  const connections = createConnections(options);
  return {
    async fetch(url, init) {
      const opening = connections.open();
      const [{ fetch }, dispatcher] = await Promise.all([import("undici"), opening]);
      return fetch(url, { ...init, dispatcher });
    },
    isFromNewConnection: connections.isFromNewConnection,
    get mayUseHttp2() {
      return connections.mayUseHttp2;
    },
    close: connections.close,
  };
}

/** A `fetch` that was passed in. Its connections are its owner's. */
export function transportOf(fetch: HttpFetch): Transport {
  return { fetch, isFromNewConnection: hasReadNothing, mayUseHttp2: true, close: () => Promise.resolve() };
}

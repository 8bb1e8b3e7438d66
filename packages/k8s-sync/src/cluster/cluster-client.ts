import { BinnacleError, RequestError, type CallOptions } from "@binnacle/core";
import {
  canonicalDigest,
  createHttpClient,
  type Clock,
  type HttpCallOptions,
  type HttpClient,
  type HttpRequest,
  type HttpStream,
} from "@binnacle/core/kit";
import type { ClusterAccess, ClusterCredentials } from "./cluster-access.ts";

/** Sends requests to one API server, over few connections and with fresh credentials. */
export interface ClusterClient {
  /** Returns the JSON of the response. */
  json(request: HttpRequest, options?: HttpCallOptions): Promise<unknown>;
  /** Opens a stream, which no body limit ends. */
  stream(request: HttpRequest, options?: CallOptions): Promise<HttpStream>;
  /** Later requests use new connections, because the present ones may be dead. Open streams continue. */
  reconnect(): void;
  /** Ends every request. A second call does nothing. */
  close(): Promise<void>;
}

/** One HTTP client and the number of its running requests. */
interface Connection {
  readonly client: HttpClient;
  readonly credentialsDigest: string;
  running: number;
  isRetired: boolean;
}

// Service account tokens rotate on disk, and client-go reads them once a minute.
const credentialsAgeMs = 30_000;
// The server answers a watch at once. A longer wait means that the connection is dead.
const streamHeadersTimeoutMs = 15_000;
const socketCodes: ReadonlySet<string> = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "UND_ERR_SOCKET"]);
// A page of 500 objects of 1 MB, the largest that etcd takes, must fit.
const maxResponseBytes = 768 * 2 ** 20;

/** Creates a client without I/O. */
export function createClusterClient(access: () => Promise<ClusterAccess>, clock: Clock): ClusterClient {
  return new ApiClient(access, clock);
}

class ApiClient implements ClusterClient {
  readonly #resolveAccess: () => Promise<ClusterAccess>;
  readonly #clock: Clock;
  readonly #connections: Set<Connection> = new Set();
  #access: Promise<ClusterAccess> | undefined;
  #credentials: { readonly value: Promise<ClusterCredentials>; readonly at: number } | undefined;
  #current: Connection | undefined;
  #isClosed = false;

  constructor(access: () => Promise<ClusterAccess>, clock: Clock) {
    this.#resolveAccess = access;
    this.#clock = clock;
  }

  json(request: HttpRequest, options?: HttpCallOptions): Promise<unknown> {
    return this.#send(async (connection, headers) => {
      try {
        return await connection.client.json({ ...request, headers }, (value) => value, options);
      } catch (error) {
        throw this.#failure(connection, error);
      } finally {
        this.#release(connection);
      }
    }, request);
  }

  stream(request: HttpRequest, options?: CallOptions): Promise<HttpStream> {
    return this.#send(async (connection, headers) => {
      try {
        const limits = { ...options, headersTimeoutMs: streamHeadersTimeoutMs };
        const stream = await connection.client.stream({ ...request, headers }, limits);
        return this.#releasing(stream, connection);
      } catch (error) {
        this.#release(connection);
        throw this.#failure(connection, error);
      }
    }, request);
  }

  reconnect(): void {
    const connection = this.#current;
    this.#current = undefined;
    if (connection === undefined) return;
    connection.isRetired = true;
    this.#closeIfUnused(connection);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#connections].map(({ client }) => client.close()));
  }

  /** Sends a request, and once more with new credentials after a 401. */
  async #send<T>(
    send: (connection: Connection, headers: Record<string, string>) => Promise<T>,
    { headers }: HttpRequest,
  ): Promise<T> {
    const attempt = async (): Promise<T> => {
      const { connection, credentials } = await this.#connect();
      return await send(connection, { ...headers, ...credentials.headers });
    };
    try {
      return await attempt();
    } catch (error) {
      if (!RequestError.isInstance(error) || error.status !== 401) throw error;
      this.#credentials = undefined;
      return await attempt();
    }
  }

  async #connect(): Promise<{ connection: Connection; credentials: ClusterCredentials }> {
    this.#checkOpen();
    const access = await (this.#access ??= this.#resolveAccess());
    const credentials = await this.#freshCredentials(access);
    this.#checkOpen();
    const credentialsDigest = canonicalDigest(credentials.tls);
    if (this.#current?.credentialsDigest !== credentialsDigest) this.reconnect();
    const connection = (this.#current ??= this.#open(access, credentials, credentialsDigest));
    connection.running += 1;
    return { connection, credentials };
  }

  async #freshCredentials({ credentials }: ClusterAccess): Promise<ClusterCredentials> {
    if (credentials === undefined) return {};
    const now = this.#clock.monotonicNow();
    if (this.#credentials === undefined || now - this.#credentials.at >= credentialsAgeMs)
      this.#credentials = { value: credentials(), at: now };
    try {
      return await this.#credentials.value;
    } catch (error) {
      this.#credentials = undefined;
      throw error;
    }
  }

  #open(access: ClusterAccess, { tls }: ClusterCredentials, credentialsDigest: string): Connection {
    const own = access.fetch === undefined ? { http2: true, tls } : { fetch: access.fetch };
    const client = createHttpClient({ baseUrl: access.url, maxResponseBytes, ...own });
    const connection = { client, credentialsDigest, running: 0, isRetired: false };
    this.#connections.add(connection);
    return connection;
  }

  #releasing(stream: HttpStream, connection: Connection): HttpStream {
    let isHeld = true;
    const release = (): void => {
      if (isHeld) this.#release(connection);
      isHeld = false;
    };
    const failure = (error: unknown): unknown => this.#failure(connection, error);
    const body = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield* stream.body;
      } catch (error) {
        throw failure(error);
      } finally {
        release();
      }
    };
    return { ...stream, body: body(), discard: () => stream.discard().finally(release) };
  }

  #release(connection: Connection): void {
    connection.running -= 1;
    this.#closeIfUnused(connection);
  }

  /**
   * Returns the error for the caller. A broken socket takes down all requests of its HTTP/2 connection, but
   * undici does not tell all of them. So the whole client is closed, and its requests fail at once.
   */
  #failure(connection: Connection, error: unknown): unknown {
    if (!BinnacleError.isInstance(error)) return error;
    if (error.code === "connection_lost" && socketCodes.has(codeOf(error.cause))) this.#drop(connection);
    if (error.code !== "closed" || this.#isClosed) return error;
    return new BinnacleError("connection_lost", "The connection to the API server broke.", {
      cause: error,
      retryable: true,
    });
  }

  #drop(connection: Connection): void {
    if (this.#current === connection) this.#current = undefined;
    this.#connections.delete(connection);
    void connection.client.close().catch(() => undefined);
  }

  #closeIfUnused(connection: Connection): void {
    if (!connection.isRetired || connection.running > 0) return;
    this.#connections.delete(connection);
    // No request runs on it, so its end needs no waiting.
    void connection.client.close().catch(() => undefined);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new BinnacleError("closed", "The source is closed. Create a new one.");
  }
}

function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  return "";
}

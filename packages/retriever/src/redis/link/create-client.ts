import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { ParsedRedisOptions, RedisTlsOptions } from "../redis-options.ts";

/** A client, the address of its server, and the secrets that no message may contain. */
export interface CreatedClient {
  readonly client: Redis | Cluster;
  /** The address without credentials. */
  readonly address: string;
  readonly secrets: readonly string[];
  /** False if the app made the client. */
  readonly owned: boolean;
}

/** Decides how soon a client reconnects. */
export interface ReconnectPolicy {
  /**
   * Returns true if the server rejected the password. An early retry would not help and may lock the user
   * out.
   */
  readonly isRefused: () => boolean;
}

const refusedRetryMs = 10_000;
const maxRetryMs = 500;

/** Creates the client that the options describe. It connects on first use. */
export function createClient(options: ParsedRedisOptions, { isRefused }: ReconnectPolicy): CreatedClient {
  const retryStrategy = (attempt: number): number =>
    isRefused()
      ? refusedRetryMs
      : Math.min(50 * 2 ** Math.min(attempt - 1, 5), maxRetryMs) + Math.random() * 100;
  const shared = sharedOptions(options);
  if (options.client !== undefined) {
    return { client: options.client, address: "redis (the app's client)", secrets: [], owned: false };
  }
  if (options.cluster !== undefined)
    return clusterClient(options.cluster, options.tls, shared, retryStrategy);
  if (options.sentinel !== undefined)
    return sentinelClient(options.sentinel, options.tls, shared, retryStrategy);
  const place = placeOf(options.url ?? "");
  const client = new Redis({
    ...shared,
    ...place.server,
    ...credentials(place),
    db: place.db,
    tls: tlsOf(options.tls, place.isEncrypted),
    retryStrategy,
    enableOfflineQueue: false,
  });
  return { client, address: place.address, secrets: place.secrets, owned: true };
}

/**
 * Returns the options of all clients. By default, ioredis waits and retries for up to minutes, but for a
 * cache a miss is better. A command is sent at most once, on a ready connection. A silent connection is
 * closed, which fails its commands.
 */
function sharedOptions({ timeoutMs }: ParsedRedisOptions): SharedOptions {
  return {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: Math.max(1_000, 4 * timeoutMs),
    socketTimeout: Math.max(1_000, 4 * timeoutMs),
    keepAlive: 10_000,
    disableClientInfo: true,
    // The replies to our commands are the same in RESP2, and the client parses them in half the time.
    protocol: 2,
  };
}

type SharedOptions = Pick<
  Required<RedisOptions>,
  | "lazyConnect"
  | "maxRetriesPerRequest"
  | "autoResendUnfulfilledCommands"
  | "connectTimeout"
  | "socketTimeout"
  | "keepAlive"
  | "disableClientInfo"
  | "protocol"
>;

type RetryStrategy = (attempt: number) => number;

function clusterClient(
  urls: readonly string[],
  tls: RedisTlsOptions | undefined,
  shared: SharedOptions,
  retryStrategy: RetryStrategy,
): CreatedClient {
  const places = urls.map(placeOf);
  const [first] = places;
  const client = new Cluster(
    places.map(({ server }) => server),
    {
      lazyConnect: true,
      clusterRetryStrategy: retryStrategy,
      // The client connects to a node on first use, and commands wait for that. Without these settings,
      // commands for a dead node would be queued and retried while their caller waits.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      redisOptions: {
        ...shared,
        ...(first && credentials(first)),
        tls: tlsOf(tls, first?.isEncrypted === true),
      },
    },
  );
  return {
    client,
    address: places.map(({ address }) => address).join(", "),
    secrets: places.flatMap(({ secrets }) => secrets),
    owned: true,
  };
}

function sentinelClient(
  { urls, name, username, password }: NonNullable<ParsedRedisOptions["sentinel"]>,
  tls: RedisTlsOptions | undefined,
  shared: SharedOptions,
  retryStrategy: RetryStrategy,
): CreatedClient {
  const places = urls.map(placeOf);
  const [first] = places;
  const encryption = tlsOf(tls, first?.isEncrypted === true);
  const client = new Redis({
    ...shared,
    sentinels: places.map(({ server }) => server),
    name,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(first?.username !== undefined && { sentinelUsername: first.username }),
    ...(first?.password !== undefined && { sentinelPassword: first.password }),
    ...(encryption && { tls: encryption, sentinelTLS: encryption, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: 1_000,
    retryStrategy,
    enableOfflineQueue: false,
    // After a failover the old master may become a replica while our connection is still open.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  });
  return {
    client,
    address: `${places.map(({ address }) => address).join(", ")} (sentinels of "${name}")`,
    secrets: [...places.flatMap(({ secrets }) => secrets), ...(password === undefined ? [] : [password])],
    owned: true,
  };
}

interface Place {
  readonly server: { readonly host: string; readonly port: number };
  readonly address: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly isEncrypted: boolean;
  readonly secrets: readonly string[];
}

function placeOf(text: string): Place {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const password = url.password === "" ? undefined : decodeURIComponent(url.password);
  return {
    server: { host, port: Number(url.port || 6379) },
    address: `${url.protocol}//${url.hostname}:${url.port || 6379}`,
    username: url.username === "" ? undefined : decodeURIComponent(url.username),
    password,
    db: Number(url.pathname.slice(1) || 0),
    isEncrypted: url.protocol === "rediss:",
    secrets: password === undefined ? [] : [password, url.password],
  };
}

function credentials({ username, password }: Pick<Place, "username" | "password">): {
  readonly username?: string;
  readonly password?: string;
} {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

function tlsOf(tls: RedisTlsOptions | undefined, isEncrypted: boolean): RedisOptions["tls"] {
  if (!isEncrypted) return undefined;
  const { ca, cert, key, serverName } = tls ?? {};
  return {
    ...(ca !== undefined && { ca: bytesOf(ca) }),
    ...(cert !== undefined && { cert: bytesOf(cert) }),
    ...(key !== undefined && { key: bytesOf(key) }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

function bytesOf(pem: string | Uint8Array): string | Buffer {
  return typeof pem === "string" ? pem : Buffer.from(pem);
}

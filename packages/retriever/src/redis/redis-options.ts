import { parseOptions } from "@binnacle/core/kit";
import type { Cluster, Redis } from "ioredis";
import { z } from "zod";
import type { RedisCacheEvent } from "./redis-events.ts";

/** The certificates of an encrypted connection, as PEM texts or bytes. */
export interface RedisTlsOptions {
  /** Certificates of the authorities to trust. @default the authorities that Node trusts */
  readonly ca?: string | Uint8Array | undefined;
  /** The client's certificate, if the server asks for one. */
  readonly cert?: string | Uint8Array | undefined;
  /** The private key of `cert`. */
  readonly key?: string | Uint8Array | undefined;
  /** The name that the server's certificate must contain. @default the host of the URL */
  readonly serverName?: string | undefined;
}

/** The sentinels and the master that they watch. */
export interface RedisSentinelOptions {
  /**
   * URLs of the sentinels: `redis://host:26379` or `rediss://…`. A user and password in a URL are for the
   * sentinels.
   */
  readonly urls: readonly string[];
  /** The master's name in the sentinels' configuration. */
  readonly name: string;
  /** User of the master. @default `default` */
  readonly username?: string | undefined;
  /** Password of the master. */
  readonly password?: string | undefined;
}

/** Options of {@link RedisCache}. Give exactly one of `url`, `cluster`, `sentinel` and `client`. */
export interface RedisCacheOptions {
  /** One server: `redis://user:password@host:6379/0`, or `rediss://…` for TLS. */
  readonly url?: string | undefined;
  /**
   * URLs of some nodes of a cluster. The client finds the other nodes. The first URL's user and password are
   * used for all.
   */
  readonly cluster?: readonly string[] | undefined;
  /** A master that sentinels watch. */
  readonly sentinel?: RedisSentinelOptions | undefined;
  /** A client that the app has created, configures and closes. */
  readonly client?: Redis | Cluster | undefined;
  /** Certificates for TLS. They need a `rediss://` URL. */
  readonly tls?: RedisTlsOptions | undefined;
  /** Put before each key, so that several apps can share a server. @default "binnacle:" */
  readonly prefix?: string | undefined;
  /** Milliseconds for which a value is served if `setMany` sets no time. @default 604_800_000 (7 days) */
  readonly ttlMs?: number | undefined;
  /**
   * The largest share, 0 to 1, by which a value's time is shortened at random. Values that are written
   * together then do not expire together.
   * @default 0.1
   */
  readonly ttlJitter?: number | undefined;
  /**
   * Maximum milliseconds that a call waits for Redis. A call that takes longer counts as a miss and an error.
   * @default 250
   */
  readonly timeoutMs?: number | undefined;
  /** Maximum bytes of a value. A larger value is not stored. @default 1_048_576 (1 MiB) */
  readonly maxValueBytes?: number | undefined;
  /**
   * Maximum bytes of running requests and their expected replies. Further calls count as misses and errors.
   * @default 67_108_864 (64 MiB)
   */
  readonly maxInFlightBytes?: number | undefined;
  /** Called after failures, recoveries, and for settings of the server that are unsuitable for a cache. */
  readonly onEvent?: ((event: RedisCacheEvent) => void) | undefined;
}

const url = z.url({
  protocol: /^rediss?$/,
  error: "expected a URL such as redis://host:6379 or rediss://host:6379",
});
const pem = z.union([z.string().min(1), z.instanceof(Uint8Array)]);
const isClient = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "mgetBuffer" in value && "status" in value;

const schema = z
  .strictObject({
    url: url.optional(),
    cluster: z.array(url).min(1).optional(),
    sentinel: z
      .strictObject({
        urls: z.array(url).min(1),
        name: z.string().min(1),
        username: z.string().min(1).optional(),
        password: z.string().min(1).optional(),
      })
      .optional(),
    client: z.custom<Redis | Cluster>(isClient, "expected a Redis or Cluster of ioredis").optional(),
    tls: z
      .strictObject({
        ca: pem.optional(),
        cert: pem.optional(),
        key: pem.optional(),
        serverName: z.string().min(1).optional(),
      })
      .optional(),
    prefix: z.string().default("binnacle:"),
    ttlMs: z
      .number()
      .positive()
      .default(7 * 24 * 60 * 60 * 1000),
    ttlJitter: z.number().min(0).max(1).default(0.1),
    timeoutMs: z.number().positive().max(60_000).default(250),
    maxValueBytes: z
      .int()
      .positive()
      .default(1024 * 1024),
    maxInFlightBytes: z
      .int()
      .positive()
      .default(64 * 1024 * 1024),
    onEvent: z.custom<(event: RedisCacheEvent) => void>((value) => typeof value === "function").optional(),
  })
  .check(({ value, issues }) => {
    const places = ["url", "cluster", "sentinel", "client"] as const;
    const given = places.filter((place) => value[place] !== undefined);
    const named = given.length === 0 ? "none" : given.join(" and ");
    if (given.length !== 1) {
      issues.push({
        code: "custom",
        input: undefined,
        message: `give exactly one of ${places.join(", ")}, got ${named}`,
      });
    }
    const urls = [value.url ?? [], value.cluster ?? [], value.sentinel?.urls ?? []].flat();
    const encrypted = urls.filter((one) => one.startsWith("rediss:")).length;
    if (value.tls !== undefined && encrypted === 0) {
      issues.push({
        code: "custom",
        input: undefined,
        path: ["tls"],
        message: "needs a URL that starts with rediss://",
      });
    }
    if (encrypted > 0 && encrypted < urls.length) {
      issues.push({
        code: "custom",
        input: undefined,
        message: "some URLs start with rediss:// and some do not",
      });
    }
  });

type Defaulted = "prefix" | "ttlMs" | "ttlJitter" | "timeoutMs" | "maxValueBytes" | "maxInFlightBytes";

/** The options of {@link RedisCache} with defaults filled in. */
export type ParsedRedisOptions = Omit<RedisCacheOptions, Defaulted> & {
  readonly [K in Defaulted]: NonNullable<RedisCacheOptions[K]>;
};

/**
 * Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue and repeats
 * no URL.
 */
export function parseRedisOptions(options: RedisCacheOptions, label = "RedisCache"): ParsedRedisOptions {
  return parseOptions(label, schema, options);
}

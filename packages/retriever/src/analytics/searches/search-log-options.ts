import { parseOptions, part, systemClock, type Clock } from "@binnacle/core/kit";
import { randomBytes } from "node:crypto";
import { z } from "zod";

/** Options of {@link createSearchLog}. */
export interface SearchLogOptions {
  /** `redacted`: queries are stored without addresses, long numbers and tokens. `hashed`: only a keyed hash is
   * stored, so equal queries are counted, but none can be read. @default "redacted" */
  readonly queries?: "redacted" | "hashed" | undefined;
  /** Most bytes of records. The oldest records make room for new ones. @default 8 MiB */
  readonly maxBytes?: number | undefined;
  /** How long a record is kept, in milliseconds. @default 30 days */
  readonly retentionMs?: number | undefined;
  /** Key of the hashes of users and queries. Processes with the same key have the same hashes.
   * @default random for each log */
  readonly secret?: string | undefined;
  /** Reads the time. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

const schema = z.strictObject({
  queries: z.enum(["redacted", "hashed"]).default("redacted"),
  maxBytes: z
    .int()
    .min(1024)
    .default(8 * 1024 * 1024),
  retentionMs: z
    .int()
    .positive()
    .default(30 * 24 * 3_600_000),
  secret: z
    .string()
    .min(16)
    .default(() => randomBytes(32).toString("hex")),
  clock: part<Clock>(["now"], "a Clock").default(systemClock),
});

/** Options of {@link createSearchLog} with their defaults. */
export type ParsedSearchLogOptions = {
  readonly [K in keyof SearchLogOptions]-?: NonNullable<SearchLogOptions[K]>;
};

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseSearchLogOptions(options: SearchLogOptions): ParsedSearchLogOptions {
  return parseOptions("createSearchLog", schema, options);
}

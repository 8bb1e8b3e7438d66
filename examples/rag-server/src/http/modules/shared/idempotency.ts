import { createHash } from "node:crypto";
import { systemClock, type Clock } from "@binnacle/core/kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { RequestFault } from "../../request-fault.ts";

const keptMs = 24 * 3_600_000;
const maxBytes = 16 * 1024 * 1024;
/** Bytes that an entry takes beside its reply. */
const entryBytes = 256;

interface Entry<T> {
  readonly digest: string;
  readonly reply: Promise<T>;
  /** The reply, once it is known. */
  value?: T;
  readonly until: number;
  bytes: number;
}

/** Remembers the replies of one route's writes, so that a repeated request with the same key is applied once. */
export interface Idempotency<T> {
  /**
   * Runs `write` unless a request with the same `idempotency-key` ran, whose reply it then resolves to. A reply
   * that is not whole is not repeated: `write` runs again and receives it.
   */
  once(request: FastifyRequest, reply: FastifyReply, write: IdempotentWrite<T>): Promise<T>;
}

/** Applies a request. `earlier` is the reply of an earlier attempt that was not whole. */
export type IdempotentWrite<T> = (earlier?: T) => Promise<T>;

/** Options of {@link createIdempotency}. */
export interface IdempotencyOptions<T> {
  /** Returns false for a reply that a repeated request may improve. @default every reply is whole */
  readonly isWhole?: ((reply: T) => boolean) | undefined;
  readonly clock?: Clock | undefined;
}

/** Creates a memory of this process, of at most 16 MiB and 24 hours. The oldest replies leave first. */
export function createIdempotency<T>({
  isWhole = () => true,
  clock = systemClock,
}: IdempotencyOptions<T> = {}): Idempotency<T> {
  const entries = new Map<string, Entry<T>>();
  let total = 0;
  const drop = (key: string): void => {
    total -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  const makeRoom = (): void => {
    for (const [key, { until }] of entries) {
      if (total <= maxBytes && until > clock.now()) return;
      drop(key);
    }
  };
  const put = (key: string, entry: Entry<T>): void => {
    drop(key);
    entries.set(key, entry);
    total += entry.bytes;
  };
  const run = (key: string, digest: string, write: IdempotentWrite<T>, earlier?: Entry<T>): Promise<T> => {
    const reply = write(earlier?.value);
    const entry: Entry<T> = { digest, reply, until: clock.now() + keptMs, bytes: entryBytes };
    put(key, entry);
    reply.then(
      (value) => {
        if (entries.get(key) !== entry) return;
        entry.value = value;
        const bytes = JSON.stringify(value).length * 2;
        entry.bytes += bytes;
        total += bytes;
        makeRoom();
      },
      () => {
        if (entries.get(key) !== entry) return;
        // A failed write may be tried again, and must still know what was applied before it.
        drop(key);
        if (earlier !== undefined) put(key, earlier);
      },
    );
    makeRoom();
    return reply;
  };
  return {
    once: async (request, reply, write) => {
      const given = idempotencyKey(request);
      if (given === undefined) return await write();
      const { id, tenant } = request.principal;
      const route = [request.method, request.url, request.headers["x-tenant"] ?? null];
      const name = JSON.stringify([id, tenant ?? null, ...route, given]);
      const key = createHash("sha256").update(name).digest("hex"); // an address may be long
      const digest = bodyDigest(request);
      const attempt = async (): Promise<T> => {
        const known = entries.get(key);
        if (known === undefined || known.until <= clock.now()) {
          drop(key);
          return await run(key, digest, write);
        }
        if (known.digest !== digest) throw reused(given);
        const { value } = known;
        if (value !== undefined && !isWhole(value)) return await run(key, digest, write, known);
        // The first request may have ended because its client left. Then this one writes.
        return await known.reply.then((first) => {
          void reply.header("idempotency-replayed", "true");
          return first;
        }, attempt);
      };
      return await attempt();
    },
  };
}

/** Returns the key of a request that may be repeated. */
export function idempotencyKey({ headers }: Pick<FastifyRequest, "headers">): string | undefined {
  const given = headers["idempotency-key"];
  if (given === undefined) return undefined;
  if (typeof given === "string" && given !== "" && given.length <= 255) return given;
  throw new RequestFault(400, "the header idempotency-key must have 1 to 255 characters");
}

/** Returns a digest of the body of a request. */
export function bodyDigest({ body }: Pick<FastifyRequest, "body">): string {
  return createHash("sha256")
    .update(JSON.stringify(body ?? null))
    .digest("hex");
}

function reused(key: string): RequestFault {
  const message = `the idempotency key ${JSON.stringify(key)} was used for another body; use a new key`;
  return new RequestFault(422, message, { code: "idempotency_mismatch" });
}

import { randomUUID } from "node:crypto";
import { systemClock, type Clock } from "@binnacle/core/kit";
import { z } from "zod";
import { RequestFault } from "../http/request-fault.ts";
import { connectRedis } from "./limits/connect-redis.ts";
import { createUsageMeter, type UsageEntry, type UsageMeter } from "./usage-meter.ts";

const dayMs = 24 * 3_600_000;
/** Days that are kept and shown. */
const keptDays = 62;
const prefix = "binnacle:usage:";

const owner = z.tuple([z.string().nullable(), z.string().nullable()]);
const counters = ["requests", "promptTokens", "completionTokens"] as const;

// A batch whose confirmation was lost is sent again, and counts once. Keys: day, batch.
const script = `
if not redis.call('SET', KEYS[2], 1, 'NX', 'PX', 3600000) then return 0 end
for i = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
`;

/** Options of {@link createRedisUsage}. */
export interface RedisUsageOptions {
  /** One server, or some nodes of a cluster. */
  readonly urls: readonly string[];
  /** Milliseconds between a request and the write of its use. @default 2000 */
  readonly flushMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Meters the use of all processes together. Each process writes what it counted every two seconds, and keeps it
 * while Redis fails. A killed process loses at most what it has not written.
 */
export function createRedisUsage({
  urls,
  flushMs = 2000,
  clock = systemClock,
}: RedisUsageOptions): UsageMeter {
  const redis = connectRedis(urls);
  let counted = createUsageMeter(clock);
  /** Entries that were sent, or are about to be. An entry keeps its id, so that it counts once. */
  let pending: { readonly id: string; readonly entry: UsageEntry }[] = [];
  let stopTimer: (() => void) | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const write = async (id: string, entry: UsageEntry): Promise<void> => {
    const key = `${prefix}{${entry.day}}`;
    const name = JSON.stringify([entry.tenant ?? null, entry.key ?? null]);
    const changes = counters.flatMap((counter) => [`${counter} ${name}`, entry[counter]]);
    await redis.run((client) => client.eval(script, 2, key, `${key}:${id}`, keptDays * dayMs, ...changes));
  };
  const flush = async (): Promise<void> => {
    stopTimer?.();
    stopTimer = undefined;
    const isRetry = pending.length > 0;
    if (!isRetry) {
      const taken = counted;
      counted = createUsageMeter(clock); // at once, so that no request is counted in between
      pending = (await taken.entries()).map((entry) => ({ id: randomUUID(), entry }));
    }
    for (const { id, entry } of pending)
      try {
        await write(id, entry);
        pending = pending.filter((one) => one.id !== id);
      } catch {
        return schedule();
      }
    if (isRetry) await flush(); // what was counted in the meantime
  };
  const schedule = (): void => {
    stopTimer ??= clock.startTimer(flushMs, () => void flushNow());
  };
  /** Writes one after the other, so that no entry is written twice. */
  const flushNow = (): Promise<void> => (flushing = flushing.then(flush));
  const read = async (day: string): Promise<readonly UsageEntry[]> => {
    const fields = await redis.run((client) => client.hgetall(`${prefix}{${day}}`));
    const found = new Map<string, UsageEntry>();
    for (const [field, value] of Object.entries(fields)) {
      const space = field.indexOf(" ");
      const [counter, name] = [field.slice(0, space), field.slice(space + 1)];
      const [tenant, key] = owner.parse(JSON.parse(name));
      const entry = found.get(name) ?? {
        day,
        tenant: tenant ?? undefined,
        key: key ?? undefined,
        ...nothing,
      };
      found.set(name, { ...entry, [counter]: Number(value) });
    }
    return [...found.values()];
  };
  return {
    countRequest: (principal) => {
      counted.countRequest(principal);
      schedule();
    },
    countTokens: (principal, usage) => {
      counted.countTokens(principal, usage);
      schedule();
    },
    entries: async () => {
      await flushNow();
      const days = Array.from({ length: keptDays }, (_, i) => dayOf(clock.now() - i * dayMs));
      try {
        return (await Promise.all(days.map(read))).flat();
      } catch {
        throw unreachable();
      }
    },
    close: async () => {
      await flushNow();
      stopTimer?.();
      redis.close();
    },
  };
}

const nothing = { requests: 0, promptTokens: 0, completionTokens: 0 };

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function unreachable(): RequestFault {
  const message = "the use cannot be read, because Redis cannot be reached; ask again later";
  return new RequestFault(503, message, { code: "usage_unreachable", headers: { "retry-after": "10" } });
}

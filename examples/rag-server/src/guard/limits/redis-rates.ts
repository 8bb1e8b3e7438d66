import { z } from "zod";
import { connectRedis } from "./connect-redis.ts";
import { createMemoryRates } from "./memory-rates.ts";
import type { RateStore } from "./rate-store.ts";

// The same rule as `decide`, by the server's clock, so that several processes agree. Times are in milliseconds.
const script = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local requests, per = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local interval = per / requests
local next = whole + interval
local wait = next - now - per
if wait > per * 1e-6 then return {0, tostring(wait), 0} end
redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.ceil(next - now) + 1)
return {1, '0', math.floor((per - (next - now)) / interval + 1e-6)}
`;

const answer = z.tuple([z.int(), z.coerce.number(), z.int()]);

/** Milliseconds without Redis after a failure, so that not every request waits for a server that hangs. */
const pauseMs = 1000;

/** Options of {@link createRedisRates}. */
export interface RedisRatesOptions {
  /** One server, or some nodes of a cluster. */
  readonly urls: readonly string[];
  /** Called once when Redis fails, and once when it works again. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Counts in Redis, for all processes together. While Redis fails, each process counts by itself, so that
 * neither all requests are refused nor none.
 */
export function createRedisRates({ urls, onWarning }: RedisRatesOptions): RateStore {
  const redis = connectRedis(urls);
  const own = createMemoryRates();
  let isFailing = false;
  let askAgainAt = 0;
  const report = (fails: boolean): void => {
    if (fails === isFailing) return;
    isFailing = fails;
    onWarning?.(
      fails ? "limits: Redis fails, so each process counts by itself" : "limits: Redis counts again",
    );
  };
  return {
    take: async (key, rate) => {
      if (rate.requests <= 0 || performance.now() < askAgainAt) return await own.take(key, rate);
      try {
        const reply: unknown = await redis.run((client) =>
          client.eval(script, 1, `binnacle:rate:${key}`, rate.requests, rate.perMs),
        );
        const [allowed, waitMs, remaining] = answer.parse(reply);
        report(false);
        return { isAllowed: allowed === 1, waitMs, remaining };
      } catch {
        askAgainAt = performance.now() + pauseMs;
        report(true);
        return await own.take(key, rate);
      }
    },
    close: async () => {
      redis.close();
      await own.close();
    },
  };
}

import type { FastifyReply, FastifyRequest } from "fastify";
import { RequestFault } from "../../http/request-fault.ts";
import { localPrincipal } from "../principal.ts";
import type { RateStore } from "./rate-store.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Options of {@link createRequestLimit}. */
export interface RequestLimitOptions {
  readonly rates: RateStore;
  /** Requests per minute, caller and route. */
  readonly perMinute: number;
}

/** Counts one request of a caller. Throws 429 with the exact time to wait. */
export type RequestLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Creates the limit of a server. A caller is a key, or an address on a server without keys. A key's own rate
 * and its quota of a day replace the server's.
 */
export function createRequestLimit({ rates, perMinute }: RequestLimitOptions): RequestLimit {
  return async (request, reply) => {
    const { principal, routeOptions, method, ip } = request;
    const caller = principal === localPrincipal ? `address ${ip}` : `key ${principal.id}`;
    const route = `${method} ${routeOptions.url ?? ""}`;
    const requests = principal.perMinute ?? perMinute;
    const decision = await rates.take(`${caller} ${route}`, { requests, perMs: minuteMs });
    void reply.headers({ "ratelimit-limit": requests, "ratelimit-remaining": decision.remaining });
    if (!decision.isAllowed) throw tooMany(decision.waitMs, `${requests} requests a minute to this route`);
    if (principal.perDay === undefined) return;
    const quota = await rates.take(`${caller} day`, { requests: principal.perDay, perMs: dayMs });
    if (!quota.isAllowed) throw tooMany(quota.waitMs, `${principal.perDay} requests a day`);
  };
}

function tooMany(waitMs: number, limit: string): RequestFault {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const message = `you may send ${limit}; wait ${seconds} seconds`;
  return new RequestFault(429, message, { headers: { "retry-after": String(seconds) } });
}

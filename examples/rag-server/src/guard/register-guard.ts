import { systemClock, type Clock } from "@binnacle/core/kit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RouteAccess } from "../http/modules/shared/access.ts";
import { RequestFault } from "../http/request-fault.ts";
import { writeAudit, type AuditSink } from "./audit-log.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import type { KeyRing } from "./keys/key-ring.ts";
import type { RequestLimit } from "./limits/limit-requests.ts";
import type { UsageMeter } from "./usage-meter.ts";
import { localPrincipal, type Principal } from "./principal.ts";

/** Options of {@link registerGuard}. */
export interface GuardOptions {
  /** Undefined: the server has no keys, and everybody has every permission. */
  readonly keys?: GuardKeys | undefined;
  readonly limit: RequestLimit;
  /** Counts the requests that the guard lets through. */
  readonly meter: UsageMeter;
  /** Receives every call of an audited route. @default none */
  readonly audit?: AuditSink | undefined;
  readonly clock?: Clock | undefined;
}

/** The keys of a server. */
export interface GuardKeys extends KeyRing {
  /** Called before each look-up, to read changed keys. */
  refresh?(): Promise<void>;
}

/**
 * Guards every route of the app: authentication, authorization and limits, in this order and before the body
 * is read. Validation and the handler follow.
 */
export function registerGuard(
  app: FastifyInstance,
  { keys, limit, meter, audit, clock = systemClock }: GuardOptions,
): void {
  app.decorateRequest("principal");
  app.addHook("onRequest", async (request) => {
    request.principal = await callerOf(request, keys);
  });
  app.addHook("onRequest", async (request, reply) => {
    const access = accessOf(request);
    if (access === "public") return;
    authorize(request.principal, access);
    if (access.isUnlimited === true) return;
    await limit(request, reply);
    meter.countRequest(request.principal);
  });
  if (audit === undefined) return;
  app.addHook("onResponse", async (request: FastifyRequest, reply: FastifyReply) => {
    const { access } = request.routeOptions.config;
    if (access === undefined || access === "public" || access.isAudited !== true) return;
    writeAudit(audit, request, reply, clock.now());
  });
}

/** A caller without a key, on a server with keys. */
const stranger: Principal = { id: "anonymous", permissions: new Set() };

async function callerOf(request: FastifyRequest, keys: GuardKeys | undefined): Promise<Principal> {
  if (keys === undefined) return localPrincipal;
  request.principal = stranger; // for the audit log, if the key is refused
  if (request.is404 || accessOf(request) === "public") return stranger;
  await keys.refresh?.();
  return authenticate(request, keys);
}

/** Returns the route's access. An unknown path is public, because its reply is a 404 that tells nothing. */
function accessOf({ is404, routeOptions }: FastifyRequest): RouteAccess {
  if (is404) return "public";
  const { access } = routeOptions.config;
  if (access !== undefined) return access;
  throw new RequestFault(403, "the route declares no access");
}

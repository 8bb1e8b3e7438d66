import type { FastifyRequest } from "fastify";
import { RequestFault } from "../http/request-fault.ts";
import type { KeyRing } from "./keys/key-ring.ts";
import type { Principal } from "./principal.ts";

/** Returns the caller of a request, or throws 401. The message tells a wrong key from no key, and no more. */
export function authenticate({ headers }: Pick<FastifyRequest, "headers">, ring: KeyRing): Principal {
  const key = keyOf(headers);
  if (key === undefined) throw refused("the request has no key; send it as authorization: Bearer KEY");
  const found = ring.find(key);
  if (found === "expired") throw refused("the key has expired; ask the operator for a new one");
  if (found === undefined) throw refused("the server does not know the key");
  return found;
}

function keyOf({ authorization, "x-api-key": own }: FastifyRequest["headers"]): string | undefined {
  const [, bearer] = /^bearer (\S+)$/i.exec(authorization ?? "") ?? [];
  return bearer ?? (typeof own === "string" ? own : undefined);
}

function refused(message: string): RequestFault {
  return new RequestFault(401, message, { headers: { "www-authenticate": "Bearer" } });
}

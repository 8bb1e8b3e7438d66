import { lookup } from "node:dns/promises";
import type { FastifyInstance } from "fastify";
import { clientError } from "./failures.ts";

/** Where a server listens, and by what other names it is known. */
export interface HostNames {
  /** The address that is listened on. */
  readonly host: string;
  /** Names that a proxy passes on. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/**
 * The host names that requests may be for; undefined: any. A name in a foreign DNS can point at a loopback address, and a
 * page of that name is then of the server's own origin: CORS does not stop it, the `Host` header tells it. By what names
 * other addresses are known nobody can say here, so there any is taken unless some are given.
 */
export async function hostNames({
  host,
  allowedHosts = [],
}: HostNames): Promise<readonly string[] | undefined> {
  if (allowedHosts.length === 0 && !(await isLoopback(host))) return undefined;
  const own = host.includes(":") ? `[${host}]` : host;
  return [
    ...new Set(["127.0.0.1", "localhost", "[::1]", own, ...allowedHosts].map((name) => name.toLowerCase())),
  ];
}

/** Refuses requests that are for a host of another name, before anything else looks at them. */
export function refuseOtherHosts(app: FastifyInstance, names: readonly string[]): void {
  app.addHook("onRequest", async ({ hostname }) => {
    if (!names.includes(hostname.toLowerCase())) throw misdirected(hostname, names);
  });
}

function misdirected(hostname: string, names: readonly string[]): Error {
  const message = `this server does not answer for the host ${JSON.stringify(hostname)}, only for ${names.join(", ")}; serve --allowed-host adds one`;
  return clientError(421, message);
}

/** What cannot be looked up cannot be listened on either, which says so better. */
async function isLoopback(host: string): Promise<boolean> {
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return (
    addresses.length > 0 &&
    addresses.every(({ address }) => address === "::1" || /^(::ffff:)?127\./.test(address))
  );
}

import { lookup } from "node:dns/promises";
import type { FastifyInstance } from "fastify";
import { RequestFault } from "./request-fault.ts";

/** The address that a server listens on, and its other names. */
export interface HostNames {
  /** The address to listen on. */
  readonly host: string;
  /** Host names that a proxy passes on. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/**
 * Returns the host names that requests may be for, or undefined for any. A name in a foreign DNS can point at
 * a loopback address. A page under that name then has the server's own origin, so that only the `Host` header
 * shows the attack. Other addresses have unknown names, so any host is accepted there unless some are given.
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

/** Refuses requests for other hosts before any other hook runs. */
export function refuseOtherHosts(app: FastifyInstance, names: readonly string[]): void {
  app.addHook("onRequest", async ({ hostname }) => {
    if (!names.includes(hostname.toLowerCase())) throw misdirected(hostname, names);
  });
}

function misdirected(hostname: string, names: readonly string[]): Error {
  const message = `this server does not answer for the host ${JSON.stringify(hostname)}, only for ${names.join(", ")}; add a host with serve --allowed-host`;
  return new RequestFault(421, message);
}

/**
 * Returns true if every address of the host is a loopback address. An unknown host is not, and listening on
 * it fails with a better message.
 */
async function isLoopback(host: string): Promise<boolean> {
  const addresses = await addressesOf(host);
  return addresses.length > 0 && addresses.every(isLoopbackAddress);
}

/** Returns true if other machines may reach an address of the host. */
export async function isExposed(host: string): Promise<boolean> {
  return !(await addressesOf(host)).every(isLoopbackAddress);
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRedisUsage } from "../redis-usage.ts";
import { createRedisRates } from "./redis-rates.ts";

async function startSilent(): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => undefined));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** The URLs of two ports that accept connections and never answer. */
async function silentNodes(): Promise<readonly string[]> {
  const servers = await Promise.all([startSilent(), startSilent()]);
  onTestFinished(() => servers.forEach((server) => server.close()));
  return servers.map(urlOf);
}

/** The URLs of two ports that refuse connections. */
async function deadNodes(): Promise<readonly string[]> {
  const servers = await Promise.all([startSilent(), startSilent()]);
  const urls = servers.map(urlOf);
  await Promise.all(servers.map(async (server) => await once(server.close(), "close")));
  return urls;
}

function urlOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the port is unknown");
  return `redis://127.0.0.1:${address.port}`;
}

async function durationOf(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return performance.now() - startedAt;
}

const rate = { requests: 2, perMs: 60_000 };

describe("a cluster that cannot be reached", () => {
  for (const [title, nodes] of [
    ["refuses connections", deadNodes],
    ["does not answer", silentNodes],
  ] as const)
    test(`delays no request for long when it ${title} (T60)`, async () => {
      const urls = await nodes();
      const rates = createRedisRates({ urls });
      const usage = createRedisUsage({ urls });
      usage.countRequest({ id: "a", tenant: "acme", permissions: new Set<never>() });
      const steps = [
        async () => expect((await rates.take("a", rate)).isAllowed).toBe(true),
        async () => await expect(usage.entries()).rejects.toMatchObject({ code: "usage_unreachable" }),
        async () => await rates.close(),
        async () => await usage.close(),
      ];
      for (const step of steps) expect(await durationOf(step())).toBeLessThan(1000);
    });
});

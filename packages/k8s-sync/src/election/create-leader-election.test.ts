import { FakeClock } from "@binnacle/core/testing";
import type { HttpFetch } from "@binnacle/core/kit";
import { expect, onTestFinished, test } from "vitest";
import { createLeaderElection, type LeaderElection } from "./create-leader-election.ts";

/** A server that stores one Lease and refuses a write that is based on an older state. */
class LeaseServer {
  lease: { metadata: { resourceVersion: string }; spec: { holderIdentity: string } } | undefined;
  isDown = false;
  #version = 0;

  readonly fetch: HttpFetch = async (_url, { method, body, signal }) => {
    signal.throwIfAborted();
    if (this.isDown) throw Object.assign(new Error("down"), { code: "ECONNREFUSED" });
    if (method === "GET") return this.lease === undefined ? reply(404, {}) : reply(200, this.lease);
    const object = JSON.parse(String(body));
    if (
      method === "POST"
        ? this.lease !== undefined
        : object.metadata.resourceVersion !== this.lease?.metadata.resourceVersion
    )
      return reply(409, {});
    this.lease = { ...object, metadata: { resourceVersion: String((this.#version += 1)) } };
    return reply(200, this.lease);
  };
}

const reply = (status: number, body: unknown) => ({
  status,
  headers: { get: () => null },
  body: (async function* () {
    yield new TextEncoder().encode(JSON.stringify(body));
  })(),
});

function replicas(server: LeaseServer, clock: FakeClock): readonly [LeaderElection, LeaderElection] {
  const create = (identity: string, fetch = server.fetch): LeaderElection =>
    createLeaderElection({
      access: { url: "http://127.0.0.1", fetch },
      namespace: "lab",
      name: "sync",
      identity,
      clock,
    });
  return [create("a"), create("b")];
}

/** Leads until the signal fires, and records who leads. */
function leading(election: LeaderElection, name: string, log: string[]): AbortController {
  const controller = new AbortController();
  const running = election.run(
    async (signal) => {
      log.push(`${name} leads`);
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    { signal: controller.signal },
  );
  running.catch(() => log.push(`${name} left`));
  onTestFinished(() => controller.abort("done"));
  return controller;
}

test("lets one replica lead while the other waits, and frees the lease when it leaves (T43)", async () => {
  const [server, clock, log] = [new LeaseServer(), new FakeClock(), Array.of<string>()];
  const [a, b] = replicas(server, clock);
  const first = leading(a, "a", log);
  await clock.advance(100);
  leading(b, "b", log);
  await clock.advance(60_000);
  expect(log).toEqual(["a leads"]);
  expect([a.isLeader, b.isLeader, b.leader]).toEqual([true, false, "a"]);
  first.abort("done");
  await clock.advance(3_000);
  expect(log).toEqual(["a leads", "a left", "b leads"]);
});

test("stops the leader that cannot renew before the other takes over (T43)", async () => {
  const [server, clock, log] = [new LeaseServer(), new FakeClock(), Array.of<string>()];
  const cut = { isCut: false };
  const fetch: HttpFetch = (url, init) =>
    cut.isCut
      ? new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)))
      : server.fetch(url, init);
  const a = createLeaderElection({
    access: { url: "http://127.0.0.1", fetch },
    namespace: "lab",
    name: "sync",
    identity: "a",
    clock,
  });
  const [, b] = replicas(server, clock);
  leading(a, "a", log);
  await clock.advance(100);
  leading(b, "b", log);
  await clock.advance(4_000);
  cut.isCut = true;
  await clock.advance(12_500);
  expect([a.isLeader, b.isLeader]).toEqual([false, false]);
  await clock.advance(6_000);
  expect([a.isLeader, b.isLeader]).toEqual([false, true]);
  expect(log).toEqual(["a leads", "b leads"]);
});

test("takes over from a replica that died, only after the whole lease (T43)", async () => {
  const [server, clock, log] = [new LeaseServer(), new FakeClock(), Array.of<string>()];
  server.lease = { metadata: { resourceVersion: "0" }, spec: { holderIdentity: "dead" } };
  const [a] = replicas(server, clock);
  leading(a, "a", log);
  await clock.advance(14_000);
  expect(log).toEqual([]);
  await clock.advance(3_000);
  expect(log).toEqual(["a leads"]);
});

test("refuses times with which two replicas could lead", () => {
  const access = { url: "http://127.0.0.1" };
  const options = { access, namespace: "lab", name: "sync", identity: "a", leaseMs: 5_000 };
  expect(() => createLeaderElection(options)).toThrow(/renewDeadlineMs/);
});

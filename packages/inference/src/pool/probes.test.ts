import type { Embedder } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createEmbedderPool } from "./create-embedder-pool.ts";
import {
  failure,
  numbers,
  script,
  scriptedEmbedder,
  settle,
  testClock,
} from "./fixtures/scripted-servers.ts";
import type { PoolEvent } from "./pool-options.ts";

describe("a check", () => {
  test.each(["overloaded", "quota"] as const)(
    "that a server refuses as %s is no failure of the replica",
    async (kind) => {
      const { pool, clock, events, ask, probes } = withRefusedProbes(kind);
      await ask();
      for (let call = 0; call < 12; call++) await ask().catch(() => undefined);
      for (let turn = 0; turn < 10; turn++) {
        await clock.advance(100);
        await settle(clock);
      }
      expect(probes()).toBeGreaterThan(0);
      expect(events.filter(({ type }) => type === "ejected")).toEqual([]);
      expect(pool.status().replicas.map(({ state }) => state)).toEqual(["available", "available"]);
    },
  );
});

/** Creates a pool whose checks are refused, and whose first calls on "b" fail once in a while. */
function withRefusedProbes(kind: "overloaded" | "quota") {
  const clock = testClock();
  const events: PoolEvent[] = [];
  let probes = 0;
  let calls = 0;
  const fake = new FakeEmbedder();
  const driver: Embedder = {
    describe: (options) => fake.describe(options),
    embed: (inputs, options) => {
      if (inputs[0] !== "probe")
        return (calls += 1) % 4 === 1 ? Promise.reject(failure("server")) : fake.embed(inputs, options);
      probes += 1;
      return Promise.reject(failure(kind));
    },
    close: () => fake.close(),
    [Symbol.asyncDispose]: () => fake.close(),
  };
  const pool = createEmbedderPool({
    replicas: [
      { name: "a", driver: scriptedEmbedder(clock, script()) },
      { name: "b", driver },
    ],
    onEvent: (event) => events.push(event),
    hedging: false,
    random: numbers(3),
    clock,
  });
  return { pool, clock, events, probes: () => probes, ask: () => pool.embed(["text"], { role: "query" }) };
}

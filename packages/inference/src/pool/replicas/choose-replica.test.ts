import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numbers } from "../fixtures/scripted-servers.ts";
import { chooseReplica, type Choosable } from "./choose-replica.ts";

const idle: Choosable = {
  name: "a",
  weight: 1,
  inUse: 0,
  outstanding: 0,
  expectedMs: 10,
  penalty: 1,
  hasFreeSlot: true,
};
const named = (...names: readonly string[]): readonly Choosable[] => names.map((name) => ({ ...idle, name }));
const choice = { cost: 100, affinityLoad: 1.25, random: numbers(1) };
const chosen = (replicas: readonly Choosable[], affinity?: string): string | undefined =>
  chooseReplica(replicas, { ...choice, affinity })?.name;

describe("a call without affinity", () => {
  test.each<readonly [string, Partial<Choosable>]>([
    ["fewer outstanding tokens", { outstanding: 500 }],
    ["a lower latency", { expectedMs: 50 }],
    ["a higher weight", { weight: 0.2 }],
    ["no recent failure", { penalty: 4 }],
  ])("goes to the replica with %s", (_name, worse) => {
    const replicas = [idle, { ...idle, name: "b", ...worse }];
    for (let call = 0; call < 20; call++) expect(chosen(replicas)).toBe("a");
  });

  test("goes to every equal replica", () => {
    const seen = new Set(Array.from({ length: 50 }, () => chosen(named("a", "b", "c"))));
    expect([...seen].toSorted()).toEqual(["a", "b", "c"]);
  });

  test("reads the expected latency of each replica once", () => {
    let reads = 0;
    const counted = ["a", "b", "c"].map((name) => ({
      ...idle,
      name,
      get expectedMs() {
        reads += 1;
        return 10;
      },
    }));
    chosen(counted);
    expect(reads).toBe(3);
  });

  test("tries a replica without a measurement, but does not flood it", () => {
    const fresh = { ...idle, name: "new", expectedMs: undefined };
    expect(chosen([{ ...idle, outstanding: 100 }, fresh])).toBe("new");
    expect(chosen([idle, { ...fresh, outstanding: 100 }])).toBe("a");
  });

  test("goes nowhere if no slot is free", () => {
    expect(chosen([{ ...idle, hasFreeSlot: false }])).toBeUndefined();
    expect(chosen([])).toBeUndefined();
  });
});

describe("a call with affinity", () => {
  const keys = Array.from({ length: 300 }, (_, index) => `session ${index}`);

  test("goes to the same replica each time, and the keys spread over all", () => {
    const homes = keys.map((key) => chosen(named("a", "b", "c"), key));
    expect(keys.map((key) => chosen(named("a", "b", "c"), key))).toEqual(homes);
    for (const name of ["a", "b", "c"]) {
      const share = homes.filter((home) => home === name).length;
      expect(share).toBeGreaterThan(60);
      expect(share).toBeLessThan(140);
    }
  });

  test("moves only the keys of a replica that leaves", () => {
    for (const key of keys) {
      const before = chosen(named("a", "b", "c"), key);
      if (before !== "c") expect(chosen(named("a", "b"), key)).toBe(before);
    }
  });

  test("goes to the next replica of its key if the preferred one has too much load", () => {
    const [first = idle, ...others] = named("a", "b", "c");
    const key = keys.find((one) => chosen([first, ...others], one) === "a") ?? "";
    const within = { ...first, inUse: 1, outstanding: 120 };
    const busy = others.map((other) => ({ ...other, inUse: 1, outstanding: 100 }));
    expect(chosen([within, ...busy], key)).toBe("a");
    const next = chosen(busy, key);
    expect(chosen([{ ...first, inUse: 1, outstanding: 160 }, ...busy], key)).toBe(next);
  });

  test("avoids a replica that has just failed", () => {
    const [first = idle, ...others] = named("a", "b", "c");
    const key = keys.find((one) => chosen([first, ...others], one) === "a") ?? "";
    expect(chosen([{ ...first, penalty: 2 }, ...others], key)).not.toBe("a");
  });
});

test("chooses a replica with a free slot whenever there is one", () => {
  const replica = fc.record({
    name: fc.string({ minLength: 1 }),
    weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
    inUse: fc.nat(10),
    outstanding: fc.nat(100_000),
    expectedMs: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined }),
    penalty: fc.double({ min: 1, max: 64, noNaN: true }),
    hasFreeSlot: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(replica, { maxLength: 6 }),
      fc.option(fc.string(), { nil: undefined }),
      (all, affinity) => {
        const found = chooseReplica(all, { ...choice, affinity });
        expect(found?.hasFreeSlot ?? false).toBe(all.some(({ hasFreeSlot }) => hasFreeSlot));
      },
    ),
  );
});

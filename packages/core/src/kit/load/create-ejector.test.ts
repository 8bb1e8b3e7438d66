import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createEjector, type CallOutcome, type Ejector, type EjectorOptions } from "./create-ejector.ts";

function threeEndpoints(options: Partial<EjectorOptions> = {}) {
  const clock = new FakeClock();
  const ejector = createEjector({ endpoints: ["a", "b", "c"], clock, ...options });
  return { clock, ejector };
}

function report(ejector: Ejector, endpoint: string, outcome: CallOutcome, times = 1): void {
  for (let one = 0; one < times; one++) ejector.begin(endpoint)?.end(outcome);
}

const statesOf = (ejector: Ejector) => ejector.status().map(({ state }) => state);
const candidatesOf = (ejector: Ejector) => ejector.candidates().endpoints;

test("ejects after five failures of the replica in a row, and a success resets the count (Q3)", () => {
  const { ejector } = threeEndpoints();
  report(ejector, "a", "replica", 4);
  report(ejector, "a", "success");
  report(ejector, "a", "replica", 4);
  expect(candidatesOf(ejector)).toEqual(["a", "b", "c"]);
  report(ejector, "a", "replica");
  expect(candidatesOf(ejector)).toEqual(["b", "c"]);
  expect(ejector.begin("a")).toBeUndefined();
  expect(ejector.status()[0]).toEqual({
    endpoint: "a",
    state: "ejected",
    consecutiveFailures: 0,
    ejections: 1,
    leftMs: 1_000,
  });
});

test("ejects for the share of failures once the window has enough calls", async () => {
  const { ejector, clock } = threeEndpoints({ windowMs: 1_000 });
  const alternate = (times: number): void => {
    for (let one = 0; one < times; one++) {
      report(ejector, "a", "success");
      report(ejector, "a", "replica");
    }
  };
  alternate(4);
  await clock.advance(1_100);
  alternate(4); // 8 calls in this window; those before are forgotten
  expect(candidatesOf(ejector)).toContain("a");
  alternate(1);
  expect(candidatesOf(ejector)).toEqual(["b", "c"]);
});

test("counts no failure that is the fault of the request, the caller or the load (Q2)", () => {
  const { ejector } = threeEndpoints();
  for (const outcome of ["request", "caller", "load"] as const) report(ejector, "a", outcome, 50);
  expect(statesOf(ejector)).toEqual(["available", "available", "available"]);
  expect(ejector.status()[0]?.consecutiveFailures).toBe(0);
});

test("allows one probe after the ejection, and a success restores the endpoint", async () => {
  const { ejector, clock } = threeEndpoints();
  report(ejector, "a", "replica", 5);
  await clock.advance(999);
  expect(ejector.begin("a")).toBeUndefined();
  await clock.advance(1);
  const probe = ejector.begin("a");
  expect(statesOf(ejector)[0]).toBe("probing");
  expect(ejector.begin("a")).toBeUndefined();
  expect(candidatesOf(ejector)).toEqual(["b", "c"]);
  probe?.end("success");
  expect(candidatesOf(ejector)).toEqual(["a", "b", "c"]);
});

test("frees a probe's slot after every kind of end, and changes the state only for a result", async () => {
  const { ejector, clock } = threeEndpoints();
  report(ejector, "a", "replica", 5);
  await clock.advance(1_000);
  for (const outcome of ["request", "caller", "load"] as const) {
    const probe = ejector.begin("a");
    expect(probe, outcome).toBeDefined();
    probe?.end(outcome);
    probe?.end("success"); // a second end does not count
    expect(statesOf(ejector)[0]).toBe("probing");
  }
  {
    using disposed = ejector.begin("a");
    expect(disposed).toBeDefined();
  }
  report(ejector, "a", "success");
  expect(statesOf(ejector)[0]).toBe("available");
});

test("doubles the time of each ejection in a row, up to the maximum", async () => {
  const { ejector, clock } = threeEndpoints({ baseEjectionMs: 1_000, maxEjectionMs: 6_000 });
  report(ejector, "a", "replica", 5);
  const lengths: (number | undefined)[] = [];
  for (let round = 0; round < 5; round++) {
    const leftMs = ejector.status()[0]?.leftMs ?? 0;
    lengths.push(leftMs);
    await clock.advance(leftMs);
    report(ejector, "a", "replica"); // the probe fails
  }
  expect(lengths).toEqual([1_000, 2_000, 4_000, 6_000, 6_000]);
});

test("returns to the shortest ejection after a healthy time as long as the last ejection", async () => {
  const { ejector, clock } = threeEndpoints();
  const ejectAndReturn = async (): Promise<number> => {
    report(ejector, "a", "replica", 5);
    const { leftMs = 0 } = ejector.status()[0] ?? {};
    await clock.advance(leftMs);
    report(ejector, "a", "success");
    return leftMs;
  };
  expect(await ejectAndReturn()).toBe(1_000);
  expect(await ejectAndReturn()).toBe(2_000);
  await clock.advance(2_000);
  expect(await ejectAndReturn()).toBe(1_000);
});

test("requires the configured number of successful probes, and a failure ejects again", async () => {
  const { ejector, clock } = threeEndpoints({ probeSuccesses: 3, maxProbes: 2 });
  report(ejector, "a", "replica", 5);
  await clock.advance(1_000);
  report(ejector, "a", "success", 2);
  expect(statesOf(ejector)[0]).toBe("probing");
  report(ejector, "a", "replica");
  expect(statesOf(ejector)[0]).toBe("ejected");
  await clock.advance(2_000);
  report(ejector, "a", "success", 3);
  expect(statesOf(ejector)[0]).toBe("available");
});

test("ignores the result of a call that began before an ejection or a return", async () => {
  const { ejector, clock } = threeEndpoints();
  const [early, late] = [ejector.begin("a"), ejector.begin("a")];
  report(ejector, "a", "replica", 5);
  early?.end("success");
  expect(statesOf(ejector)[0]).toBe("ejected");
  await clock.advance(1_000);
  late?.end("replica");
  expect(statesOf(ejector)[0]).toBe("probing");
  report(ejector, "a", "success");
  expect(ejector.status()[0]?.consecutiveFailures).toBe(0);
});

test("pauses an endpoint that is starting for a short, constant time", async () => {
  const { ejector, clock } = threeEndpoints({ startingMs: 500 });
  report(ejector, "a", "starting");
  expect(ejector.status()[0]).toMatchObject({ state: "ejected", leftMs: 500, ejections: 0 });
  for (let round = 0; round < 5; round++) {
    await clock.advance(500);
    report(ejector, "a", "starting");
    expect(ejector.status()[0]).toMatchObject({ leftMs: 500, ejections: 0 });
  }
  await clock.advance(500);
  report(ejector, "a", "success");
  expect(statesOf(ejector)[0]).toBe("available");
});

test("keeps the ejection of an endpoint that is starting during a panic call", async () => {
  const { ejector, clock } = threeEndpoints({ startingMs: 200 });
  report(ejector, "a", "replica", 5);
  report(ejector, "b", "starting");
  report(ejector, "c", "starting");
  expect(ejector.candidates().isPanic).toBe(true);
  report(ejector, "a", "starting");
  expect(ejector.status()[0]?.leftMs).toBe(1_000);
  await clock.advance(900);
  const early = ejector.status()[0];
  expect(early).toMatchObject({ state: "ejected", leftMs: 100, ejections: 1 });
});

test("counts an unknown outcome as a failure of the replica", () => {
  const { ejector } = threeEndpoints();
  const end: (outcome: never) => void = (outcome) => ejector.begin("a")?.end(outcome);
  for (let one = 0; one < 5; one++) Reflect.apply(end, undefined, ["novel"]);
  expect(statesOf(ejector)).toEqual(["ejected", "available", "available"]);
});

test("ejects at most the given share, at least one of several, and never all", () => {
  const ejectedOf = (count: number, maxEjectedShare?: number): number => {
    const endpoints = Array.from({ length: count }, (_, index) => `e${index}`);
    const ejector = createEjector({ endpoints, clock: new FakeClock(), maxEjectedShare });
    for (const endpoint of endpoints) report(ejector, endpoint, "replica", 20);
    return statesOf(ejector).filter((state) => state === "ejected").length;
  };
  expect([1, 2, 3, 4, 10].map((count) => ejectedOf(count))).toEqual([0, 1, 1, 2, 5]);
  expect([ejectedOf(10, 0.1), ejectedOf(2, 0.99), ejectedOf(4, 0), ejectedOf(3, 1)]).toEqual([1, 1, 0, 3]);
});

test("offers all endpoints if none is available, and a success then restores an endpoint", () => {
  const { ejector } = threeEndpoints();
  for (const endpoint of ["a", "b", "c"]) report(ejector, endpoint, "starting");
  expect(ejector.candidates()).toEqual({ endpoints: ["a", "b", "c"], isPanic: true });
  report(ejector, "b", "replica", 9);
  expect(ejector.candidates().isPanic).toBe(true);
  report(ejector, "b", "success");
  expect(ejector.candidates()).toEqual({ endpoints: ["b"], isPanic: false });
  expect(ejector.begin("a")).toBeUndefined();
});

test("adds and removes endpoints, and keeps the record of the others", () => {
  const { ejector } = threeEndpoints();
  report(ejector, "a", "replica", 5);
  const call = ejector.begin("b");
  ejector.setEndpoints(["a", "d"]);
  call?.end("replica");
  expect(ejector.begin("b")).toBeUndefined();
  expect(candidatesOf(ejector)).toEqual(["d"]);
  ejector.setEndpoints([]);
  expect(ejector.candidates()).toEqual({ endpoints: [], isPanic: false });
  expect(() => ejector.setEndpoints(["x", "x"])).toThrow(ConfigurationError);
});

test("always offers an endpoint and loses no slot under random results", async () => {
  const outcomes = fc.constantFrom<CallOutcome | undefined>(
    "success",
    "request",
    "caller",
    "load",
    "starting",
    "replica",
    undefined,
  );
  const step = fc.record({
    endpoint: fc.constantFrom("a", "b", "c"),
    outcome: outcomes,
    waitMs: fc.nat(3_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { ejector, clock } = threeEndpoints();
      for (const { endpoint, outcome, waitMs } of steps) {
        const call = ejector.begin(endpoint);
        await clock.advance(waitMs);
        if (outcome === undefined) call?.[Symbol.dispose]();
        else call?.end(outcome);
        const { endpoints } = ejector.candidates();
        expect(endpoints.length).toBeGreaterThan(0);
        for (const candidate of endpoints) {
          const probe = ejector.begin(candidate);
          expect(probe, candidate).toBeDefined();
          probe?.[Symbol.dispose]();
        }
      }
      await clock.advance(30_000);
      for (const endpoint of ["a", "b", "c"]) report(ejector, endpoint, "success");
      expect(statesOf(ejector)).toEqual(["available", "available", "available"]);
    }),
    { numRuns: 50 },
  );
});

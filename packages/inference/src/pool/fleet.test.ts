import { inspect } from "node:util";
import { ConfigurationError, type Embedder } from "@binnacle/core";
import { FakeEmbedder, FakeInferenceBackend, RecordingTelemetry } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createBackendPool } from "./create-backend-pool.ts";
import { createEmbedderPool } from "./create-embedder-pool.ts";
import {
  failure,
  numbers,
  script,
  scriptedBackend,
  scriptedEmbedder,
  scriptedPool,
  settle,
  testClock,
} from "./fixtures/scripted-servers.ts";

const question = { messages: [{ role: "user" as const, content: "Why?" }] };
const fake = (text: string): FakeInferenceBackend => new FakeInferenceBackend({ replies: [text] });

function refusalOf(create: () => unknown): unknown {
  try {
    return create();
  } catch (error) {
    return error;
  }
}

describe("a pool that changes while it runs", () => {
  test("gives an added replica calls (T57)", async () => {
    const { pool, ask, clock } = scriptedPool();
    const added = script();
    pool.add({ name: "d", driver: scriptedEmbedder(clock, added) });
    for (let call = 0; call < 40; call++) await ask();
    expect(added.requests).toBeGreaterThan(0);
  });

  test("refuses a second replica of the same name", () => {
    const { pool, clock } = scriptedPool();
    const driver = scriptedEmbedder(clock, script());
    expect(() => pool.add({ name: "a", driver })).toThrow(/name "a" is in use/);
  });

  test("drains a replica: it ends its calls, gets no more, and its driver is closed (T57)", async () => {
    const clock = testClock();
    const one = script(100);
    const driver = scriptedBackend(clock, one);
    const pool = createBackendPool({
      replicas: [
        { name: "old", driver },
        { name: "new", driver: fake("new"), tier: 1 },
      ],
      clock,
    });
    const last = pool.generate(question);
    await settle(clock);
    let isDrained = false;
    const drained = pool.drain("old").then(() => (isDrained = true));
    expect((await pool.generate(question)).text).toBe("new");
    expect(pool.status().replicas.map(({ name, state }) => [name, state])).toEqual([
      ["new", "available"],
      ["old", "draining"],
    ]);
    expect(isDrained).toBe(false);
    await clock.advance(100);
    expect((await last).text).toBe("one two three");
    await drained;
    await expect(driver.capabilities()).rejects.toMatchObject({ code: "closed" });
    expect(pool.status().replicas.map(({ name }) => name)).toEqual(["new"]);
    await pool.drain("new");
    await expect(pool.generate(question)).rejects.toThrow(/no replica left; add one with add\(\)/);
  });

  test("closes the driver of a draining replica too, and settles its drain()", async () => {
    const clock = testClock();
    const drivers = [scriptedBackend(clock, script(60_000)), fake("b")] as const;
    const replicas = [
      { name: "a", driver: drivers[0] },
      { name: "b", driver: drivers[1], tier: 1 },
    ] as const;
    const pool = createBackendPool({ replicas, clock });
    const last = expect(pool.generate(question)).rejects.toThrow();
    await settle(clock);
    const drained = pool.drain("a");
    await pool.close();
    await drained;
    for (const driver of drivers) await expect(driver.health()).rejects.toMatchObject({ code: "closed" });
    await clock.advance(60_000);
    await last;
  });

  test("refuses a name with the credentials of a URL, and does not repeat them", () => {
    const replica = { name: "http://svc:s3cret@host:8080", driver: fake("x") };
    const refusal = refusalOf(() => createBackendPool({ replicas: [replica] }));
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect(inspect(refusal, { depth: 10 })).toMatch(/has the credentials of a URL/);
    expect(inspect(refusal, { depth: 10 })).not.toMatch(/s3cret/);
    createBackendPool({ replicas: [{ ...replica, name: "http://host:8080/v1@2" }] });
  });

  test("closes the drivers, twice without harm", async () => {
    const driver = fake("text");
    const pool = createBackendPool({ replicas: [{ name: "a", driver }] });
    await pool.close();
    await pool.close();
    await expect(driver.health()).rejects.toMatchObject({ code: "closed" });
  });
});

describe("model names", () => {
  const pool = () => {
    const [small, large] = [fake("small"), fake("large")];
    const replicas = [
      { name: "small", driver: small, models: { fast: "qwen-1b", any: "qwen-1b" } },
      { name: "large", driver: large, models: { good: "qwen-70b", any: "qwen-70b" } },
    ] as const;
    return { small, large, pool: createBackendPool({ replicas }) };
  };

  test("chooses the replicas of a request by its model, which get their own name of the model (Q3)", async () => {
    const { pool: both, small, large } = pool();
    for (let call = 0; call < 5; call++) {
      expect((await both.generate({ ...question, model: "fast" })).text).toBe("small");
      expect((await both.generate({ ...question, model: "good" })).text).toBe("large");
    }
    expect(small.requests[0]?.model).toBe("qwen-1b");
    expect(large.requests[0]?.model).toBe("qwen-70b");
    expect(await both.capabilities({ model: "good" })).toMatchObject({ model: "fake" });
  });

  test("refuses a name that no replica serves before anything is sent", async () => {
    const { pool: both, small, large } = pool();
    const refused = both.generate({ ...question, model: "best" });
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(
      /model: no replica of the pool serves it; the models are "fast", "any", "good"/,
    );
    expect([small.requests.length, large.requests.length]).toEqual([0, 0]);
  });
});

describe("the space of an embedder pool", () => {
  const replicas = (...spaces: readonly string[]) => {
    const [first, ...others] = spaces.map((spaceId, index) => {
      const driver: Embedder = new FakeEmbedder({ spaceId });
      return { name: `r${index}`, driver };
    });
    if (first === undefined) throw new Error("no space");
    return [first, ...others] as const;
  };

  /** Creates a pool whose replicas change their spaces while it runs. */
  const changing = (...spaces: string[]) => {
    let asked = 0;
    const clock = testClock();
    const made = (index: number) => {
      const fake = new FakeEmbedder();
      const driver: Embedder = {
        describe: async (options) => {
          asked += 1;
          const info = await fake.describe(options);
          return { ...info, space: { ...info.space, id: spaces[index] ?? "" } };
        },
        embed: async (inputs, options) => ({
          ...(await fake.embed(inputs, options)),
          spaceId: spaces[index] ?? "",
        }),
        close: () => fake.close(),
        [Symbol.asyncDispose]: () => fake.close(),
      };
      return { name: `r${index}`, driver };
    };
    const [, ...others] = spaces.keys();
    const pool = createEmbedderPool({ replicas: [made(0), ...others.map(made)], clock, random: numbers(7) });
    const add = (space: string): void => pool.add(made(spaces.push(space) - 1));
    return { pool, spaces, clock, add, asked: () => asked };
  };

  test("must be the same for all replicas (T57)", async () => {
    const pool = createEmbedderPool({ replicas: replicas("minilm;384", "minilm;384", "bge;768") });
    const call = async (): Promise<unknown> => {
      for (let round = 0; round < 20; round++) await pool.embed(["text"], { role: "query" });
      return undefined;
    };
    await expect(call()).rejects.toMatchObject({
      code: "wrong_space",
      message: expect.stringMatching(/"(minilm;384|bge;768)".*"(minilm;384|bge;768)"/),
    });
    await expect(pool.describe()).rejects.toMatchObject({ code: "wrong_space" });
  });

  test("is that of the answer after a replica has changed its model (T57)", async () => {
    const { pool, spaces } = changing("old");
    expect(await pool.embed(["text"], { role: "query" })).toMatchObject({ spaceId: "old" });
    spaces[0] = "new";
    expect(await pool.embed(["text"], { role: "query" })).toMatchObject({ spaceId: "new" });
    expect(await pool.embed([], { role: "query" })).toMatchObject({ spaceId: "new" });
  });

  test("is refused during a roll-out of a new model, and serves again after it (T57)", async () => {
    const { pool, spaces, clock } = changing("old", "old");
    await pool.embed(["text"], { role: "query" });
    await settle(clock);
    spaces[0] = "new";
    const calls = Array.from({ length: 20 }, () => pool.embed(["text"], { role: "query" }));
    await expect(Promise.all(calls)).rejects.toMatchObject({ code: "wrong_space" });
    await Promise.allSettled(calls);
    await expect(pool.describe()).rejects.toMatchObject({ code: "wrong_space" });
    spaces[1] = "new";
    expect(await pool.embed(["text"], { role: "query" })).toMatchObject({ spaceId: "new" });
    expect(await pool.describe()).toMatchObject({ space: { id: "new" } });
  });

  test("is asked once for many calls at the same time, and the slices follow added replicas", async () => {
    const { pool, asked, add } = changing("one", "one");
    await Promise.all(Array.from({ length: 100 }, () => pool.embed(["text"], { role: "query" })));
    expect(asked()).toBeLessThanOrEqual(4); // one describe() and one question for the slots of each
    const before = (await pool.describe()).concurrency;
    add("one");
    expect((await pool.describe()).concurrency).toBe((before / 2) * 3);
  });

  test("is that of the answer, and a long list is split over the replicas in order", async () => {
    const [a, b] = [new FakeEmbedder(), new FakeEmbedder()];
    const pool = createEmbedderPool({
      replicas: [
        { name: "a", driver: a },
        { name: "b", driver: b },
      ],
    });
    const texts = Array.from({ length: 200 }, (_, index) => `text ${index}`);
    const { spaceId, outcomes } = await pool.embed(texts, { role: "document" });
    const alone = await new FakeEmbedder().embed(texts, { role: "document" });
    expect([spaceId, outcomes]).toEqual([alone.spaceId, alone.outcomes]);
    expect(Math.min(a.calls, b.calls)).toBeGreaterThan(0);
  });
});

describe("health", () => {
  const withHealth = (status: "ok" | "down"): FakeInferenceBackend =>
    new FakeInferenceBackend({ replies: ["x"], health: { status, latencyMs: 1 } });

  test.each([
    [["ok", "ok"], "ok"],
    [["ok", "down"], "degraded"],
    [["down", "down"], "down"],
  ] as const)("of replicas that are %j is %s, with each as a part", async ([first, second], status) => {
    const pool = createBackendPool({
      replicas: [
        { name: "a", driver: withHealth(first) },
        { name: "b", driver: withHealth(second) },
      ],
    });
    expect(await pool.health()).toMatchObject({
      status,
      parts: { a: { status: first }, b: { status: second } },
    });
  });
});

test("measures attempts, retries and failures by replica", async () => {
  const telemetry = new RecordingTelemetry();
  const { ask, scripts } = scriptedPool({ telemetry });
  scripts[0].error = failure("unreachable");
  while (scripts[0].requests === 0) await ask();
  const names = telemetry.measurements.map(({ name }) => name);
  for (const name of ["attempt.duration", "wait.duration", "failures", "retries", "queued"])
    expect(names).toContain(`binnacle.pool.${name}`);
});

test.each<readonly [string, object, RegExp]>([
  ["no replica", { replicas: [] }, /replicas/],
  [
    "a driver of another kind",
    { replicas: [{ name: "a", driver: new FakeEmbedder() }] },
    /expected an InferenceBackend/,
  ],
  [
    "an unknown option",
    { replicas: [{ name: "a", driver: fake("x") }], retries: 2 },
    /`retries` is not an option/,
  ],
  ["a weight of 0", { replicas: [{ name: "a", driver: fake("x"), weight: 0 }] }, /weight/],
  [
    "two replicas of one name",
    { replicas: ["a", "a"].map((name) => ({ name, driver: fake("x") })) },
    /name "a" is in use/,
  ],
])("refuses %s, with the field", (_name, options, message) => {
  // As plain JavaScript passes it.
  const create = (): unknown => Reflect.apply(createBackendPool, undefined, [options]);
  expect(create).toThrow(ConfigurationError);
  expect(create).toThrow(message);
});

import {
  TimeoutError,
  type Embedder,
  type InferenceBackend,
  type InferenceCallOptions,
} from "@binnacle/core";
import { FakeEmbedder, FakeInferenceBackend, type FakeClock } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createBackendPool } from "./create-backend-pool.ts";
import { createEmbedderPool } from "./create-embedder-pool.ts";
import { numbers, script, scriptedBackend, settle, testClock } from "./fixtures/scripted-servers.ts";

/** Waits for the deadline of the call, as a driver does whose server takes connections and answers nothing. */
function unanswered(
  clock: FakeClock,
  { signal, deadlineAt = Infinity }: InferenceCallOptions,
): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
    const late = new TimeoutError("late", { afterMs: 1, phase: "total" });
    clock.startTimer(deadlineAt - clock.now(), () => reject(late));
  });
}

/** An embedder that gives no answer before a test lets it. */
function silentEmbedder(clock: FakeClock): { readonly driver: Embedder; readonly wake: () => void } {
  const fake = new FakeEmbedder();
  let isSilent = true;
  const driver: Embedder = {
    describe: (options = {}) => (isSilent ? unanswered(clock, options) : fake.describe(options)),
    embed: (inputs, options) => (isSilent ? unanswered(clock, options) : fake.embed(inputs, options)),
    close: () => fake.close(),
    [Symbol.asyncDispose]: () => fake.close(),
  };
  return { driver, wake: () => (isSilent = false) };
}

/** Moves the time until the promise settles. Returns the milliseconds. */
async function timeOf(clock: FakeClock, promise: Promise<unknown>): Promise<number> {
  const startedAt = clock.now();
  let isDone = false;
  const done = promise.then(() => (isDone = true));
  for (let turn = 0; turn < 200; turn += 1) {
    await settle(clock);
    if (isDone) break;
    await clock.advance(50);
  }
  expect(isDone).toBe(true);
  await done;
  return clock.now() - startedAt;
}

test.each([1, 2, 3, 4, 5])(
  "answers soon although two of three replicas are silent from the start, seed %i (Q2)",
  async (seed) => {
    const clock = testClock();
    const works = new FakeEmbedder();
    const pool = createEmbedderPool({
      replicas: [
        { name: "a", driver: silentEmbedder(clock).driver },
        { name: "b", driver: silentEmbedder(clock).driver },
        { name: "c", driver: works },
      ],
      random: numbers(seed),
      clock,
    });
    expect(await timeOf(clock, pool.describe())).toBeLessThanOrEqual(1_100);
    for (let call = 0; call < 20; call += 1)
      expect(await timeOf(clock, pool.embed(["text"], { role: "query" }))).toBeLessThanOrEqual(100);
    expect(works.calls).toBeGreaterThanOrEqual(20);
    expect(pool.status().budgetLeft).toBeGreaterThan(0);
    await pool.close();
  },
);

test("reports the capabilities of a replica that answers, beside a silent one", async () => {
  const clock = testClock();
  const fake = new FakeInferenceBackend({ replies: ["yes"] });
  const silent: InferenceBackend = {
    capabilities: (options = {}) => unanswered(clock, options),
    generate: (request, options) => fake.generate(request, options),
    stream: (request, options) => fake.stream(request, options),
    countTokens: (request, options) => fake.countTokens(request, options),
    health: (options = {}) => unanswered(clock, options),
    close: () => fake.close(),
    [Symbol.asyncDispose]: () => fake.close(),
  };
  const pool = createBackendPool({
    replicas: [
      { name: "a", driver: silent },
      { name: "b", driver: fake },
    ],
    random: numbers(1),
    clock,
  });
  expect(await timeOf(clock, pool.capabilities())).toBeLessThanOrEqual(600);
  await pool.close();
});

test("gives a silent replica the calls of its model while the replica of another model is full", async () => {
  const clock = testClock();
  const fake = scriptedBackend(clock, script());
  const silent: InferenceBackend = {
    capabilities: (options = {}) => unanswered(clock, options),
    generate: (request, options) => fake.generate(request, options),
    stream: (request, options) => fake.stream(request, options),
    countTokens: (request, options) => fake.countTokens(request, options),
    health: (options = {}) => unanswered(clock, options),
    close: () => fake.close(),
    [Symbol.asyncDispose]: () => fake.close(),
  };
  const concurrency = { initial: 1, max: 1 };
  const pool = createBackendPool({
    replicas: [
      { name: "x", driver: scriptedBackend(clock, script(5_000)), models: { a: "a" }, concurrency },
      { name: "y", driver: silent, models: { b: "b" }, concurrency },
    ],
    hedging: false,
    clock,
  });
  const ask = (model: string): Promise<unknown> =>
    pool.generate({ model, messages: [{ role: "user", content: "Why?" }] });
  const busy = ask("a");
  await settle(clock);
  expect(await timeOf(clock, ask("b"))).toBeLessThanOrEqual(100);
  await timeOf(clock, busy);
  await pool.close();
});

test("gives a replica calls once it answers after a silent start", async () => {
  const clock = testClock();
  const { driver, wake } = silentEmbedder(clock);
  const works = new FakeEmbedder();
  const pool = createEmbedderPool({
    replicas: [
      { name: "a", driver },
      { name: "b", driver: works },
    ],
    random: numbers(1),
    clock,
  });
  await timeOf(clock, pool.describe());
  wake();
  for (let call = 0; call < 20; call += 1) {
    await timeOf(clock, pool.embed(["text"], { role: "query" }));
    await clock.advance(500);
  }
  expect(works.calls).toBeLessThan(20);
  await pool.close();
});

import { type Embedder, type EmbedInput, type InferenceErrorKind } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { FakeEmbedder, type FakeClock } from "@binnacle/core/testing";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { createEmbedderPool } from "./create-embedder-pool.ts";
import { failure, numbers, settle, testClock } from "./fixtures/scripted-servers.ts";

const mostCalls = 3;
const names = ["a", "b", "c"] as const;

/** A server that answers as drawn, and counts the requests that it works on. */
class DrawnServer {
  running = 0;
  most = 0;
  delayMs = 0;
  error: InferenceErrorKind | undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get driver(): Embedder {
    const fake = new FakeEmbedder();
    return {
      describe: (options) => fake.describe(options),
      embed: async (inputs, options) => {
        this.running += 1;
        this.most = Math.max(this.most, this.running);
        try {
          await sleep(this.delayMs, { clock: this.#clock, signal: options.signal });
          if (this.error !== undefined) throw failure(this.error);
          return await fake.embed(inputs, options);
        } finally {
          this.running -= 1;
        }
      },
      close: () => fake.close(),
      [Symbol.asyncDispose]: () => fake.close(),
    };
  }
}

const kinds: readonly InferenceErrorKind[] = [
  "too-long",
  "unauthorized",
  "loading",
  "overloaded",
  "unreachable",
];
const index = fc.nat({ max: names.length - 1 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("call" as const),
      texts: fc.constantFrom(1, 1, 1, 40, 200),
      length: fc.constantFrom(4, 400, 4_000),
      priority: fc.integer({ min: -1, max: 1 }),
      tenant: fc.constantFrom("", "x", "y"),
      leavesAfterMs: fc.constantFrom(undefined, undefined, 0, 15, 200),
      deadlineMs: fc.constantFrom(undefined, undefined, 50, 1_000),
    }),
  },
  fc.record({ type: fc.constant("delay" as const), index, delayMs: fc.constantFrom(0, 5, 20, 400) }),
  fc.record({ type: fc.constant("fail" as const), index, error: fc.constantFrom(undefined, ...kinds) }),
  fc.record({ type: fc.constant("move" as const), index }),
  fc.record({ type: fc.constant("wait" as const), forMs: fc.constantFrom(1, 10, 60, 1_500) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One pool of three drawn servers and its calls. */
class Run {
  readonly clock = testClock();
  readonly servers = names.map(() => new DrawnServer(this.clock));
  readonly pool = createEmbedderPool({
    replicas: [this.#replica(0), this.#replica(1), this.#replica(2)],
    maxQueuedTokens: 3_000,
    random: numbers(3),
    clock: this.clock,
  });
  readonly ends: number[] = [];
  readonly #members = new Set([0, 1, 2]);
  readonly #drains: Promise<void>[] = [];

  async take(next: Step): Promise<void> {
    if (next.type === "call") this.#call(next);
    else if (next.type === "wait") await this.clock.advance(next.forMs);
    else if (next.type === "move") this.#move(next.index);
    else {
      const server = this.servers[next.index];
      if (server !== undefined && next.type === "delay") server.delayMs = next.delayMs;
      if (server !== undefined && next.type === "fail") server.error = next.error;
    }
  }

  /** Lets all calls end, and closes the pool. */
  async finish(): Promise<void> {
    const isBusy = (): boolean => this.ends.includes(0) || this.servers.some(({ running }) => running > 0);
    for (let turn = 0; turn < 400 && isBusy(); turn++) {
      await settle(this.clock);
      await this.clock.advance(250);
    }
    await Promise.all(this.#drains);
  }

  #call({
    texts,
    length,
    leavesAfterMs,
    deadlineMs,
    priority,
    tenant,
  }: Extract<Step, { type: "call" }>): void {
    const number = this.ends.push(0) - 1;
    const controller = new AbortController();
    if (leavesAfterMs !== undefined) this.clock.startTimer(leavesAfterMs, () => controller.abort("left"));
    const deadlineAt = deadlineMs === undefined ? undefined : this.clock.now() + deadlineMs;
    const inputs = Array.from<unknown, EmbedInput>({ length: texts }, () => "x".repeat(length));
    const options = { role: "query" as const, signal: controller.signal, deadlineAt, priority, tenant };
    const end = (): void => void (this.ends[number] = (this.ends[number] ?? 0) + 1);
    void this.pool.embed(inputs, options).then(end, end);
  }

  /** Drains the replica, or adds it again. */
  #move(member: number): void {
    if (this.#members.delete(member)) this.#drains.push(this.pool.drain(names[member] ?? ""));
    else if (!this.pool.status().replicas.some(({ name }) => name === names[member])) {
      this.#members.add(member);
      this.pool.add(this.#replica(member));
    }
  }

  #replica(member: number) {
    const driver = this.servers[member]?.driver ?? new FakeEmbedder();
    return { name: names[member] ?? "", driver, concurrency: { initial: 2, max: mostCalls } };
  }
}

test("ends every call exactly once, exceeds no limit and leaves no count, whatever happens (Q2)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const run = new Run();
      for (const next of steps) {
        await run.take(next);
        await settle(run.clock);
        for (const { inUse } of run.pool.status().replicas) expect(inUse).toBeLessThanOrEqual(mostCalls);
      }
      await run.finish();
      expect(run.ends).toEqual(run.ends.map(() => 1));
      expect(run.pool.status()).toMatchObject({ queued: 0, queuedTokens: 0 });
      for (const { inUse, outstandingTokens } of run.pool.status().replicas)
        expect([inUse, outstandingTokens]).toEqual([0, 0]);
      expect(run.servers.map(({ running }) => running)).toEqual([0, 0, 0]);
      // A check of a suspected server takes no slot.
      for (const { most } of run.servers) expect(most).toBeLessThanOrEqual(mostCalls + 1);
      await run.pool.close();
      await settle(run.clock);
      await run.clock.advance(60_000);
      expect(run.clock.pendingTimers).toBe(0);
    }),
    { numRuns: 60 * inject("propertyShare") },
  );
});

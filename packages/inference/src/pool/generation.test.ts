import {
  InferenceError,
  type GenerateRequest,
  type GenerationEvent,
  type InferenceBackend,
  type InferenceCallOptions,
} from "@binnacle/core";
import { createGenerationStream } from "@binnacle/core/kit";
import { FakeInferenceBackend, type FakeReply } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import type { BackendPoolOptions } from "./backend-pool-options.ts";
import { createBackendPool, type BackendPool } from "./create-backend-pool.ts";
import { failure, scriptedBackend, settle, testClock } from "./fixtures/scripted-servers.ts";

const question: GenerateRequest = { messages: [{ role: "user", content: "Why?" }] };
const broken = (): FakeReply => ({ text: "one two ", error: failure("interrupted") });

/** A pool whose first call goes to the first replica, because the others are in later tiers. */
function poolOf(
  drivers: readonly [InferenceBackend, ...InferenceBackend[]],
  options: Partial<BackendPoolOptions> = {},
): BackendPool {
  const [first, ...others] = drivers.map((driver, tier) => ({ name: `r${tier}`, driver, tier }));
  if (first === undefined) throw new Error("no driver");
  return createBackendPool({ replicas: [first, ...others], ...options });
}

const fake = (...replies: readonly [FakeReply, ...FakeReply[]]): FakeInferenceBackend =>
  new FakeInferenceBackend({ replies });

// As an app's own driver passes it, without the SDK's check of the end.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

/** A backend whose streams have these events. */
const streaming = (stream: () => AsyncGenerator<GenerationEvent, void, undefined>): InferenceBackend =>
  Object.assign(fake("unused"), { stream: raw(stream) });

async function read(stream: AsyncIterable<GenerationEvent>): Promise<string> {
  let text = "";
  for await (const event of stream) if (event.type === "text") text += event.text;
  return text;
}

const running = (pool: BackendPool): number =>
  pool.status().replicas.reduce((sum, { inUse, outstandingTokens }) => sum + inUse + outstandingTokens, 0);

describe("a stream", () => {
  test("moves to another replica until its first token, and names the replica that answered (Q3)", async () => {
    const pool = poolOf([fake({ text: "", error: failure("unreachable") }), fake("all of it")]);
    const stream = pool.stream(question);
    expect(await read(stream)).toBe("all of it");
    expect(await stream.result).toMatchObject({ replica: "r1", text: "all of it" });
    expect(running(pool)).toBe(0);
  });

  test("keeps no slot if both attempts of a hedge open in the same turn", async () => {
    const clock = testClock();
    let open = Promise.resolve();
    const driver = (): InferenceBackend =>
      streaming(async function* () {
        await open;
        yield { type: "start", model: "m" };
        yield { type: "text", text: "one" };
        yield { type: "finish", reason: "stop" };
      });
    const replicas = [
      { name: "a", driver: driver() },
      { name: "b", driver: driver() },
    ] as const;
    const pool = createBackendPool({ replicas, hedging: { maxShare: 1 }, followPrefixes: false, clock });
    for (let call = 0; call < 25; call++) await pool.generate(question);
    let release = (): void => undefined;
    open = new Promise((resolve) => (release = resolve));
    const answer = pool.generate(question);
    await settle(clock);
    await clock.advance(100);
    release();
    await answer;
    expect(pool.status().hedges).toBe(1);
    expect(running(pool)).toBe(0);
  });

  test("counts as a failure of the replica, not as a success, if it has no end", async () => {
    const cut = streaming(async function* () {
      yield { type: "start", model: "m" };
      yield { type: "text", text: "one" };
    });
    const pool = poolOf([cut], { maxAttempts: 1, ejection: { consecutiveFailures: 1_000 } });
    for (let call = 0; call < 5; call++)
      await expect(pool.generate(question)).rejects.toMatchObject({
        kind: "interrupted",
        partial: { text: "one" },
      });
    await expect(read(pool.stream(question))).rejects.toMatchObject({ partial: { text: "one" } });
    expect(pool.status().replicas[0]).toMatchObject({ attempts: 6, failures: 6 });
  });

  test("throws the failure, with its attempts, if no replica can take the retry", async () => {
    const clock = testClock();
    const dead = scriptedBackend(clock, { delayMs: 0, error: failure("engine-dead"), requests: 0 });
    const replicas = [
      { name: "a", driver: dead, models: { x: "x" } },
      { name: "b", driver: fake("text"), models: { y: "y" } },
    ] as const;
    const pool = createBackendPool({ replicas, ejection: { consecutiveFailures: 1 }, clock });
    const refused = expect(pool.generate({ ...question, model: "x" })).rejects.toMatchObject({
      kind: "engine-dead",
      replica: "a",
      attempts: [{ replica: "a", kind: "engine-dead" }],
    });
    for (let turn = 0; turn < 5; turn++) await clock.advance(100);
    await refused;
  });

  test("throws the break, without a retry, if no replica can continue it", async () => {
    const pool = poolOf([fake(broken()), fake("never asked")], { continueStreams: true });
    await expect(read(pool.stream(question))).rejects.toMatchObject({
      kind: "interrupted",
      retryable: true,
      partial: { text: "one two " },
    });
    expect(pool.status().retries).toBe(0);
  });

  test("throws after its first token, with the partial answer and the attempts", async () => {
    const pool = poolOf([fake(broken()), fake("never asked")]);
    await expect(read(pool.stream(question))).rejects.toMatchObject({
      kind: "interrupted",
      replica: "r0",
      partial: { text: "one two " },
      attempts: [{ replica: "r0", kind: "interrupted" }],
    });
    expect(running(pool)).toBe(0);
    expect(pool.status().retries).toBe(0);
  });

  test("is an error if it ends without a finish", async () => {
    const pool = poolOf([fake({ text: "one", cut: true }), fake("other")]);
    await expect(read(pool.stream(question))).rejects.toMatchObject({ kind: "interrupted" });
    expect(pool.status().replicas[0]).toMatchObject({ failures: 1, inUse: 0 });
  });

  test("frees its slot when the loop is left, and does not count that as a failure", async () => {
    const pool = poolOf([fake("one two three")]);
    for await (const event of pool.stream(question)) if (event.type === "text") break;
    expect(running(pool)).toBe(0);
    expect(pool.status().replicas[0]).toMatchObject({ failures: 0 });
  });

  test("sends nothing until it is read", async () => {
    const backend = fake("text");
    const pool = poolOf([backend]);
    void pool.stream(question);
    await new Promise(setImmediate);
    expect([backend.requests.length, pool.status().calls]).toEqual([0, 0]);
  });
});

describe("generate", () => {
  test("starts again on another replica even after the first token, because the caller has not seen it (Q3)", async () => {
    const pool = poolOf([fake(broken()), fake("all of it")]);
    expect(await pool.generate(question)).toMatchObject({ text: "all of it", replica: "r1" });
    expect(running(pool)).toBe(0);
  });

  test("asks each driver for one attempt only, and passes the caller's options on", async () => {
    const seen: InferenceCallOptions[] = [];
    const inner = fake("text");
    const driver: InferenceBackend = {
      capabilities: (options) => inner.capabilities(options),
      generate: (request, options) => inner.generate(request, options),
      countTokens: (request, options) => inner.countTokens(request, options),
      health: (options) => inner.health(options),
      close: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
      stream: (request, options = {}) => {
        seen.push(options);
        return inner.stream(request, options);
      },
    };
    await poolOf([driver]).generate(question, { requestId: "r-1", tenant: "t", maxAttempts: 5 });
    expect(seen).toMatchObject([{ maxAttempts: 1, requestId: "r-1", tenant: "t" }]);
  });
});

describe("continueStreams", () => {
  const replicas = (first: InferenceBackend, second: InferenceBackend): BackendPoolOptions => ({
    replicas: [
      { name: "first", driver: first },
      { name: "second", driver: second, tier: 1, continuesAnswers: true },
    ],
    continueStreams: true,
  });

  test("continues a broken answer on another replica, which gets the text so far", async () => {
    const second = fake("three four");
    const pool = createBackendPool(replicas(fake(broken()), second));
    const events: GenerationEvent[] = [];
    for await (const event of pool.stream({ ...question, maxTokens: 10 })) events.push(event);
    expect(events.map((event) => (event.type === "text" ? event.text : event.type)).join("|")).toBe(
      "start|one |two |three |four|finish",
    );
    expect(second.requests).toEqual([
      { messages: [...question.messages, { role: "assistant", content: "one two " }], maxTokens: 8 },
    ]);
    expect(running(pool)).toBe(0);
  });

  test("holds the whole answer in `partial` if the second replica breaks too", async () => {
    const pool = createBackendPool(
      replicas(fake(broken()), fake({ text: "three ", error: failure("interrupted") })),
    );
    await expect(read(pool.stream(question, { maxAttempts: 2 }))).rejects.toMatchObject({
      partial: { text: "one two three " },
      attempts: [{ replica: "first" }, { replica: "second" }],
    });
  });

  test.each<readonly [string, Partial<GenerateRequest>]>([
    ["a schema", { jsonSchema: { type: "object" } }],
    ["log-probabilities", { logprobs: 1 }],
  ])("does not continue an answer with %s", async (_name, constraint) => {
    const first = new FakeInferenceBackend({
      replies: [broken()],
      capabilities: { jsonSchema: true, logprobs: true },
    });
    const second = fake("three");
    const pool = createBackendPool(replicas(first, second));
    await expect(read(pool.stream({ ...question, ...constraint }))).rejects.toMatchObject({
      kind: "interrupted",
    });
    expect(second.requests).toEqual([]);
  });

  test("only continues on replicas that can continue an answer", async () => {
    const pool = poolOf([fake(broken()), fake("three")], { continueStreams: true });
    await expect(read(pool.stream(question))).rejects.toMatchObject({ partial: { text: "one two " } });
  });
});

describe("an abort", () => {
  const reason = new Error("changed my mind");

  /** A server that hangs after some text, and ignores every signal. */
  function deaf(text: string): InferenceBackend {
    const inner = fake("unused");
    return Object.assign(inner, {
      stream: (_request: GenerateRequest, { signal }: InferenceCallOptions = {}) =>
        createGenerationStream({
          signal,
          open: async function* () {
            yield { type: "start", model: "m" } as const;
            if (text !== "") yield { type: "text", text } as const;
            await new Promise(() => undefined);
          },
        }),
    });
  }

  test.each([
    ["before the first token", ""],
    ["after the first token", "one"],
  ])("%s frees the slot at once, even if the driver ignores it", async (_stage, text) => {
    for (const call of ["generate", "stream"] as const) {
      const pool = poolOf([deaf(text)]);
      const controller = new AbortController();
      const options = { signal: controller.signal };
      const left = expect(
        call === "generate" ? pool.generate(question, options) : read(pool.stream(question, options)),
      ).rejects.toBe(reason);
      while (running(pool) === 0) await new Promise(setImmediate);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      controller.abort(reason);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      expect(running(pool)).toBe(0);
      await left;
      expect(pool.status().replicas[0]).toMatchObject({ failures: 0 });
    }
  });
});

test("passes a driver's error that is no BinnacleError on unchanged", async () => {
  const bug = new TypeError("x is not a function");
  const pool = poolOf([fake({ text: "", error: bug }), fake("other")]);
  await expect(pool.generate(question)).rejects.toBe(bug);
  expect(InferenceError.isInstance(bug)).toBe(false);
});

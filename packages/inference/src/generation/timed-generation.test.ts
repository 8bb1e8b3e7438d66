import { InferenceError, TimeoutError, type GenerationEvent, type InferenceErrorKind } from "@binnacle/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { timedGeneration, type GenerationItem, type TimedGenerationOptions } from "./timed-generation.ts";

const server = { label: "Test grpc://a:8001", address: "grpc://a:8001", maxAttempts: 3 };
const timeouts = { firstTokenTimeoutMs: 100, idleTimeoutMs: 50, totalTimeoutMs: 1_000 };
const start: GenerationEvent = { type: "start", model: "m", replica: server.address };
const text = (piece: string): GenerationEvent => ({ type: "text", text: piece });
const finish: GenerationEvent = { type: "finish", reason: "stop" };
const failure = (kind: InferenceErrorKind): InferenceError =>
  new InferenceError(kind, { kind, retryable: true, retryAfterMs: 0 });

/** One step of a source: an item, a wait in milliseconds, an error, or silence until the abort. */
type Step = GenerationItem | number | Error | "silence";

// Uses no transport: each attempt plays the next list of steps.
function play(attempts: readonly (readonly Step[])[], options: Partial<TimedGenerationOptions> = {}) {
  const calls: Parameters<TimedGenerationOptions["open"]>[0][] = [];
  let ended = 0;
  async function* source(steps: readonly Step[], signal: AbortSignal): AsyncGenerator<GenerationItem> {
    try {
      for (const step of steps) {
        signal.throwIfAborted();
        if (step instanceof Error) throw step;
        if (typeof step === "number") await new Promise((resolve) => setTimeout(resolve, step));
        else if (step === "silence") await aborted(signal);
        else yield step;
      }
    } finally {
      ended += 1;
    }
  }
  const open: TimedGenerationOptions["open"] = (call) => {
    calls.push(call);
    return source(attempts[calls.length - 1] ?? [], call.signal);
  };
  return { calls, ended: () => ended, events: timedGeneration({ server, timeouts, open, ...options }) };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

async function read(lists: AsyncIterable<readonly GenerationEvent[]>) {
  const seen: GenerationEvent[] = [];
  try {
    for await (const events of lists) seen.push(...events);
    return { seen };
  } catch (error) {
    return { seen, error };
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Reads all events while the fake clock runs. */
async function settle(events: AsyncIterable<readonly GenerationEvent[]>, untilMs = 5_000) {
  const result = read(events);
  await vi.advanceTimersByTimeAsync(untilMs);
  return result;
}

describe("timedGeneration", () => {
  test("hands on the events of any source and ends the source", async () => {
    const { events, ended, calls } = play([[start, "alive", text("Hi"), finish]], { requestId: "7" });
    expect(await settle(events)).toEqual({ seen: [start, text("Hi"), finish] });
    expect(ended()).toBe(1);
    expect(calls).toMatchObject([{ requestId: "7" }]);
  });

  test("retries after a failure before the first token, and the reader sees one start", async () => {
    const { events, calls } = play([
      [failure("overloaded")],
      [start, failure("interrupted")],
      [start, text("Hi"), finish],
    ]);
    expect(await settle(events)).toEqual({ seen: [start, text("Hi"), finish] });
    expect(calls).toHaveLength(3);
  });

  test("lists every attempt in the last failure, without a partial answer", async () => {
    const { events } = play([[failure("overloaded")], [start, failure("interrupted")]], { maxAttempts: 2 });
    const { seen, error } = await settle(events);
    expect(seen).toEqual([]);
    expect(error).toMatchObject({
      kind: "interrupted",
      replica: server.address,
      attempts: [{ kind: "overloaded" }, { kind: "interrupted", replica: server.address }],
    });
    expect(error).not.toHaveProperty("partial");
  });

  test("does not retry after the first token, and adds the partial answer to the failure", async () => {
    const call: GenerationEvent = { type: "tool-call", index: 0, id: "1", name: "now", argumentsDelta: "{" };
    const reasoning: GenerationEvent = { type: "reasoning", text: "hm" };
    const steps = [start, reasoning, text("Hel"), text("lo"), call, failure("server")];
    const { events, calls } = play([[failure("loading")], steps]);
    const { error } = await settle(events);
    expect(calls).toHaveLength(2);
    expect(error).toMatchObject({
      kind: "server",
      attempts: [{ kind: "loading" }, { kind: "server" }],
      partial: {
        text: "Hello",
        reasoning: "hm",
        toolCalls: [{ id: "1", name: "now", arguments: "{" }],
      },
    });
  });

  test.each<readonly [string, readonly Step[], string]>([
    ["first-token", [start, "alive", 40, "alive", 40, "alive", "silence"], ""],
    ["idle", [start, text("Hel"), 40, "alive", 40, text("lo"), "silence"], "Hello"],
    [
      "total",
      [
        start,
        ...Array<Step>(40)
          .fill(text("a"))
          .flatMap((one) => [one, 30]),
      ],
      "a".repeat(34),
    ],
  ])("ends silence by the %s timer and names the replica", async (phase, steps, partial) => {
    const { error } = await settle(play([steps]).events);
    expect(error).toMatchObject({
      code: "timeout",
      phase,
      replica: server.address,
      attempts: [{ kind: "timeout" }],
    });
    expect(Reflect.get(Object(error), "partial")?.text ?? "").toBe(partial);
  });

  test("never changes an abort's reason, even if it is a timeout", async () => {
    const controller = new AbortController();
    const reason = new TimeoutError("the app's own", { afterMs: 1, phase: "app" });
    const { events, ended } = play([[start, text("Hel"), "silence"]], { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    const { error } = await settle(events);
    expect(error).toBe(reason);
    expect(Object.keys(reason)).not.toContain("replica");
    expect(ended()).toBe(1);
  });

  test("does not count a slow reader as silence of the server", async () => {
    const { events } = play([[start, text("a"), text("b"), finish]]);
    const slow = (async () => {
      const seen: GenerationEvent[] = [];
      for await (const list of events) {
        seen.push(...list);
        await new Promise((resolve) => setTimeout(resolve, 80));
      }
      return seen;
    })();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await slow).toHaveLength(4);
  });

  test("ends the source when the reader leaves the loop", async () => {
    const { events, ended } = play([[start, text("a"), "silence"]]);
    for await (const list of events) if (list.some(({ type }) => type === "text")) break;
    expect(ended()).toBe(1);
  });
});

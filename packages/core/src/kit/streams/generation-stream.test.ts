import { expect, test } from "vitest";
import { InferenceError } from "../../errors/inference-error.ts";
import type { GenerationEvent } from "../../spec/generation.ts";
import { createGenerationStream } from "./generation-stream.ts";

const whole: readonly GenerationEvent[] = [
  { type: "start", model: "m" },
  { type: "reasoning", text: "hm" },
  { type: "text", text: "Hello " },
  { type: "text", text: "you" },
  { type: "usage", usage: { promptTokens: 3, completionTokens: 2 } },
  { type: "finish", reason: "stop" },
];

async function* from(events: readonly GenerationEvent[]): AsyncGenerator<GenerationEvent> {
  for (const event of events) {
    await Promise.resolve();
    yield event;
  }
}

async function collected(events: AsyncIterable<GenerationEvent>): Promise<GenerationEvent[]> {
  const all: GenerationEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("opens nothing until the stream is read", async () => {
  let opened = 0;
  const stream = createGenerationStream({ open: () => (opened++, from(whole)) });
  await Promise.resolve();
  expect(opened).toBe(0);
  await stream.result;
  expect(opened).toBe(1);
});

test("builds the result from the events, with or without a loop", async () => {
  const generation = {
    text: "Hello you",
    reasoning: "hm",
    finishReason: "stop",
    usage: { promptTokens: 3, completionTokens: 2 },
    model: "m",
  };
  await expect(createGenerationStream({ open: () => from(whole) }).result).resolves.toEqual(generation);
  const stream = createGenerationStream({ open: () => from(whole) });
  expect(await collected(stream)).toEqual(whole);
  expect(await stream.result).toEqual(generation);
});

test("takes no event from the loop if the result is awaited before or inside it", async () => {
  const stream = createGenerationStream({ open: () => from(whole) });
  await stream.result;
  expect(await collected(stream)).toEqual(whole);
  const second = createGenerationStream({ open: () => from(whole) });
  const seen: GenerationEvent[] = [];
  for await (const event of second) {
    seen.push(event);
    await second.result;
  }
  expect(seen).toEqual(whole);
});

test("throws `interrupted` with the partial text if the source ends without finish", async () => {
  const stream = createGenerationStream({ open: () => from(whole.slice(0, 3)) });
  const error = await collected(stream).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InferenceError);
  expect(error).toMatchObject({ kind: "interrupted", partial: { text: "Hello ", reasoning: "hm" } });
  await expect(stream.result).rejects.toBe(error);
});

test("aborts the source's signal, runs its clean-up and rejects the result when the loop is left", async () => {
  let cleaned = false;
  let signalled: AbortSignal | undefined;
  const stream = createGenerationStream({
    open: async function* (signal) {
      signalled = signal;
      try {
        yield* from(whole);
      } finally {
        cleaned = true;
      }
    },
  });
  for await (const event of stream) if (event.type === "text") break;
  expect(signalled?.aborted).toBe(true);
  expect(cleaned).toBe(true);
  await expect(stream.result).rejects.toMatchObject({
    kind: "interrupted",
    partial: { text: "Hello ", reasoning: "hm" },
  });
});

test("keeps the result if the loop is left after the last event", async () => {
  const stream = createGenerationStream({ open: () => from(whole) });
  for await (const event of stream) if (event.type === "finish") break;
  await expect(stream.result).resolves.toMatchObject({ text: "Hello you", finishReason: "stop" });
});

test("rejects loop and result with the abort's reason, even while events are waiting", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const stream = createGenerationStream({ signal: controller.signal, open: () => from(whole) });
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  controller.abort(reason);
  await expect(iterator.next()).rejects.toBe(reason);
  await expect(stream.result).rejects.toBe(reason);
});

test("throws if it is iterated twice", async () => {
  const stream = createGenerationStream({ open: () => from(whole) });
  await collected(stream);
  expect(() => stream[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: "already_iterated" }));
});

test("passes on an event of an unknown type but ignores it in the result", async () => {
  const [start, ...rest] = whole;
  // As a later version of a driver would send it.
  const later: GenerationEvent = JSON.parse('{"type":"citation","id":"7"}');
  const grown = [...(start === undefined ? [] : [start]), later, ...rest];
  const stream = createGenerationStream({ open: () => from(grown) });
  expect(await collected(stream)).toEqual(grown);
  expect(await stream.result).toEqual(await createGenerationStream({ open: () => from(whole) }).result);
});

test("includes tool calls, log-probabilities and the replica in the result", async () => {
  const logprob = (token: string) => ({ token, logprob: -0.5, top: [] });
  const call = (index: number, id: string, argumentsDelta: string): GenerationEvent => ({
    type: "tool-call",
    index,
    id,
    name: "now",
    argumentsDelta,
  });
  const events: readonly GenerationEvent[] = [
    { type: "start", model: "m", replica: "http://a" },
    { type: "text", text: "Let me ", logprobs: [logprob("Let"), logprob(" me ")] },
    { type: "text", text: "see", logprobs: [logprob("see")] },
    call(0, "a", '{"zone":'),
    call(1, "b", ""),
    call(0, "a", '"UTC"}'),
    { type: "finish", reason: "tool-calls" },
  ];
  expect(await createGenerationStream({ open: () => from(events) }).result).toEqual({
    text: "Let me see",
    toolCalls: [
      { id: "a", name: "now", arguments: '{"zone":"UTC"}' },
      { id: "b", name: "now", arguments: "" },
    ],
    logprobs: ["Let", " me ", "see"].map(logprob),
    finishReason: "tool-calls",
    model: "m",
    replica: "http://a",
  });
  const cut = createGenerationStream({ open: () => from(events.slice(0, 4)) });
  await expect(cut.result).rejects.toMatchObject({
    kind: "interrupted",
    replica: "http://a",
    partial: { text: "Let me see", toolCalls: [{ id: "a", name: "now", arguments: '{"zone":' }] },
  });
});

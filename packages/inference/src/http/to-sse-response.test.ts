import { once } from "node:events";
import { BinnacleError } from "@binnacle/core";
import { createGenerationStream } from "@binnacle/core/kit";
import { FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { toSseResponse } from "./to-sse-response.ts";

const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
const request = { messages: [{ role: "user" as const, content: "Count." }] };

test("sends each event of a stream with its type and its JSON", async () => {
  const backend = new FakeInferenceBackend({ replies: ["one two"] });
  const response = toSseResponse((signal) => backend.stream(request, { signal }), {
    headers: { "x-a": "1" },
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("x-a")).toBe("1");
  expect(await response.text()).toBe(
    [
      'event: start\ndata: {"type":"start","model":"fake"}\n\n',
      'event: text\ndata: {"type":"text","text":"one "}\n\n',
      'event: text\ndata: {"type":"text","text":"two"}\n\n',
      'event: finish\ndata: {"type":"finish","reason":"stop"}\n\n',
    ].join(""),
  );
});

test("sends a failure as an event without its message, and reports it to the app", async () => {
  const error = new BinnacleError("unreachable", "no answer from http://10.0.0.5", { retryable: true });
  const failures: unknown[] = [];
  const backend = new FakeInferenceBackend({ replies: [{ text: "one", error }] });
  const response = toSseResponse((signal) => backend.stream(request, { signal }), {
    onError: (failure) => failures.push(failure),
  });
  const text = await response.text();
  expect(text).toMatch(/event: error\ndata: {"type":"error","code":"unreachable","retryable":true}\n\n$/);
  expect(text).not.toContain("10.0.0.5");
  expect(failures).toEqual([error]);
});

/** A stream that never gets its first event and ends only by its signal. */
function silent() {
  const state: { signal?: AbortSignal; readonly left: PromiseWithResolvers<unknown> } = {
    left: Promise.withResolvers(),
  };
  const open = (signal: AbortSignal) =>
    createGenerationStream({
      signal,
      open: async function* (inner) {
        state.signal = inner;
        await once(inner, "abort");
        state.left.resolve(inner.reason);
        inner.throwIfAborted();
        yield { type: "finish", reason: "stop" };
      },
    });
  return { state, open };
}

test("aborts the call when the reader cancels, even before the first event", async () => {
  const { state, open } = silent();
  const reader = toSseResponse(open).body?.getReader();
  const pending = reader?.read();
  await expect.poll(() => state.signal).toBeDefined();
  await reader?.cancel(new Error("gone"));
  expect(await state.left.promise).toMatchObject({ message: "gone" });
  expect(await pending).toMatchObject({ done: true });
});

test("ends without an error event when the request's signal aborts, and reports nothing", async () => {
  const { state, open } = silent();
  const failures: unknown[] = [];
  const controller = new AbortController();
  const response = toSseResponse(open, {
    signal: controller.signal,
    onError: (error) => failures.push(error),
  });
  const text = response.text();
  await expect.poll(() => state.signal).toBeDefined();
  controller.abort(new Error("left"));
  expect([await text, failures]).toEqual(["", []]);
});

test("sends a comment during a silence and loses no event by it", async () => {
  const gate = Promise.withResolvers<void>();
  const response = toSseResponse(
    async function* () {
      await gate.promise;
      yield { type: "late" };
    },
    { pingMs: 2 },
  );
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect(await reader?.read()).toMatchObject({ value: ": ping\n\n" });
  gate.resolve();
  const texts: string[] = [];
  for (;;) {
    const next = await reader?.read();
    if (next === undefined || next.done) break;
    texts.push(next.value);
  }
  expect(texts.filter((text) => !text.startsWith(":"))).toEqual(['event: late\ndata: {"type":"late"}\n\n']);
});

test("refuses a stream that is already open, because it has no signal", () => {
  const stream = new FakeInferenceBackend({ replies: ["a"] }).stream(request);
  expect(() => toSseResponse(raw(stream))).toThrow(/expected a function such as \(signal\) =>/);
});

import { inspect } from "node:util";
import { InferenceError, type GenerationEvent } from "@binnacle/core";
import { readServerSentEvents } from "@binnacle/core/kit";
import { expect, test } from "vitest";
import { readChatEvents } from "./read-chat-events.ts";

const chunk = (delta: object, rest: object = {}): string =>
  `data: ${JSON.stringify({ model: "m", choices: [{ index: 0, delta, finish_reason: null }], ...rest })}\n\n`;
const finish = (reason: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })}\n\n`;
const usage = `data: ${JSON.stringify({
  choices: [],
  usage: { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } },
})}\n\n`;
const done = "data: [DONE]\n\n";

async function read(
  wire: string,
  contentType = "text/event-stream",
): Promise<{ events: GenerationEvent[]; arrivals: string[]; error?: unknown }> {
  const events: GenerationEvent[] = [];
  const arrivals: string[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const byte of new TextEncoder().encode(wire)) yield Uint8Array.of(byte); // cut everywhere
  }
  const reading = readChatEvents(readServerSentEvents(bytes()), {
    source: "test",
    replica: "http://test",
    clean: (text) => text.replaceAll("s3cret", "[redacted]"),
    model: "asked",
    onArrival: (kind) => arrivals.push(kind),
    toError: (error, partial) =>
      new InferenceError(JSON.stringify(error), {
        kind: "server",
        partial: { text: partial },
        retryable: true,
      }),
    beginning: () => ({ contentType, text: wire }),
  });
  try {
    for await (const event of reading) events.push(event);
    return { events, arrivals };
  } catch (error) {
    return { events, arrivals, error };
  }
}

test("T47: a stream is start, reasoning and text, usage, finish", async () => {
  const wire = [
    chunk({ role: "assistant", content: null }),
    chunk({ reasoning_content: "hm" }),
    chunk({ content: "Schön " }),
    ": ping\n\n",
    chunk({ content: "🙂" }),
    finish("stop"),
    usage,
    done,
  ].join("");
  const { events, arrivals } = await read(wire);
  expect(events).toEqual([
    { type: "start", model: "m" },
    { type: "reasoning", text: "hm" },
    { type: "text", text: "Schön " },
    { type: "text", text: "🙂" },
    { type: "usage", usage: { promptTokens: 3, completionTokens: 2, cachedTokens: 1 } },
    { type: "finish", reason: "stop" },
  ]);
  expect(arrivals).toEqual(["alive", "token", "token", "alive", "token", "alive", "alive"]);
});

test("a stream without a finish reason is interrupted, wherever it was cut", async () => {
  const wire = chunk({ content: "Hello " }) + chunk({ content: "you" });
  for (let length = 0; length <= wire.length; length++) {
    const { events, error } = await read(wire.slice(0, length));
    const partial = events.map((event) => (event.type === "text" ? event.text : "")).join("");
    expect(error).toMatchObject({ kind: "interrupted", partial: { text: partial }, retryable: true });
  }
  expect((await read(wire + done)).error).toMatchObject({
    kind: "interrupted",
    partial: { text: "Hello you" },
  });
});

test("an answer whose finish reason came is whole, though the connection broke before usage and [DONE]", async () => {
  const { events, error } = await read(chunk({ content: "All" }) + finish("length"));
  expect(error).toBeUndefined();
  expect(events.at(-1)).toEqual({ type: "finish", reason: "length" });
});

test("an error inside the stream is the driver's error, with what had arrived", async () => {
  const { error } = await read(chunk({ content: "Hel" }) + `data: {"error":{"code":500}}\n\n`);
  expect(error).toMatchObject({ kind: "server", partial: { text: "Hel" }, message: '{"code":500}' });
});

test("a finish reason that means no end is an error", async () => {
  expect((await read(chunk({ content: "Hel" }) + finish("abort"))).error).toMatchObject({
    kind: "server",
    partial: { text: "Hel" },
    replica: "http://test",
    message: 'test: the server ended the answer for the reason "abort"',
  });
});

test("a piece that is not JSON, or JSON of something else, is an invalid response", async () => {
  expect((await read("data: <html>\n\n")).error).toMatchObject({ code: "invalid_response" });
  expect((await read('data: {"choices":"no"}\n\n')).error).toMatchObject({ code: "invalid_response" });
});

test("nulls where other servers write nothing, and half a count, take nothing from an answer", async () => {
  const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
  const wire = [
    event({
      model: null,
      error: null,
      usage: null,
      choices: [{ delta: { content: "Hi" }, finish_reason: null }],
    }),
    event({ model: "m", choices: [{ delta: null, finish_reason: "stop" }] }),
    event({ choices: null, usage: { prompt_tokens: 3, total_tokens: 3 } }),
    event({ choices: null, usage: { prompt_tokens: 3, completion_tokens: 2 } }),
    done,
  ].join("");
  const { events, error } = await read(wire);
  expect(error).toBeUndefined();
  expect(events).toMatchObject([
    { type: "start", model: "asked" },
    { type: "text", text: "Hi" },
    { type: "usage", usage: { promptTokens: 3, completionTokens: 2 } },
    { type: "finish", reason: "stop" },
  ]);
});

test("an answer that is no event stream is told as what came, and is not tried again", async () => {
  expect((await read("<html>\nLog in, s3cret", "text/html; charset=utf-8")).error).toMatchObject({
    code: "invalid_response",
    retryable: false,
    message: 'test: expected an event stream, got text/html; charset=utf-8: "<html>\nLog in, [redacted]"',
  });
  const whole = JSON.stringify({ choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] });
  expect((await read(whole, "application/json")).error).toMatchObject({
    code: "invalid_response",
    message: expect.stringMatching(/got application\/json: .*does not stream/),
  });
  expect((await read("", "text/html")).error).toMatchObject({ code: "invalid_response" });
  for (const contentType of ["application/json", "text/event-stream", ""]) {
    for (const body of ['{"error":"quota exceeded"}', '{"object":"error","message":"quota exceeded"}']) {
      expect((await read(body, contentType)).error).toMatchObject({
        kind: "server",
        retryable: false,
        message: expect.stringContaining("quota exceeded"),
      });
    }
  }
});

test("events that come under another name, or none, are read; where they are cut that is an interruption", async () => {
  const wire = chunk({ content: "Hi" }) + finish("stop");
  for (const contentType of ["text/plain", "application/octet-stream", ""]) {
    expect((await read(wire, contentType)).error).toBeUndefined();
    for (const cut of ["d", "data", "data: {", ": ping\n\n", "data: [DONE]\n\n"])
      expect((await read(cut, contentType)).error).toMatchObject({ kind: "interrupted", retryable: true });
  }
});

test("a piece that is no JSON is quoted without secrets", async () => {
  const { error } = await read(`data: s3cret\n\n`);
  expect(inspect(error)).toContain("not JSON: [redacted]");
  expect(inspect(error)).not.toContain("s3c");
});

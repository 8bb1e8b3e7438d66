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
): Promise<{ events: GenerationEvent[]; arrivals: string[]; error?: unknown }> {
  const events: GenerationEvent[] = [];
  const arrivals: string[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const byte of new TextEncoder().encode(wire)) yield Uint8Array.of(byte); // cut everywhere
  }
  const reading = readChatEvents(readServerSentEvents(bytes()), {
    source: "test",
    model: "asked",
    onArrival: (kind) => arrivals.push(kind),
    toError: (error, partial) => new InferenceError(JSON.stringify(error), { kind: "server", partial }),
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
    expect(error).toMatchObject({ kind: "interrupted", partial, retryable: true });
  }
  expect((await read(wire + done)).error).toMatchObject({ kind: "interrupted", partial: "Hello you" });
});

test("an answer whose finish reason came is whole, though the connection broke before usage and [DONE]", async () => {
  const { events, error } = await read(chunk({ content: "All" }) + finish("length"));
  expect(error).toBeUndefined();
  expect(events.at(-1)).toEqual({ type: "finish", reason: "length" });
});

test("an error inside the stream is the driver's error, with what had arrived", async () => {
  const { error } = await read(chunk({ content: "Hel" }) + `data: {"error":{"code":500}}\n\n`);
  expect(error).toMatchObject({ kind: "server", partial: "Hel", message: '{"code":500}' });
});

test("a finish reason that means no end is an error", async () => {
  expect((await read(chunk({ content: "Hel" }) + finish("abort"))).error).toMatchObject({
    kind: "server",
    partial: "Hel",
  });
});

test("a piece that is not JSON, or JSON of something else, is an invalid response", async () => {
  expect((await read("data: <html>\n\n")).error).toMatchObject({ code: "invalid_response" });
  expect((await read('data: {"choices":"no"}\n\n')).error).toMatchObject({ code: "invalid_response" });
});

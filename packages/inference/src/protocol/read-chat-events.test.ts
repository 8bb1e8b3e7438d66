import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { address, chunk, done, finish, read, textOf } from "./fixtures/chat-wire.ts";

const usage = `data: ${JSON.stringify({
  choices: [],
  usage: { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } },
})}\n\n`;

test("yields start, reasoning and text, usage and finish (T47)", async () => {
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
    { type: "start", model: "m", replica: address },
    { type: "reasoning", text: "hm" },
    { type: "text", text: "Schön " },
    { type: "text", text: "🙂" },
    { type: "usage", usage: { promptTokens: 3, completionTokens: 2, cachedTokens: 1 } },
    { type: "finish", reason: "stop" },
  ]);
  expect(arrivals).toBe(9); // with the ping, the mark of the end and the finish
});

describe("the end of a stream", () => {
  test("reports a stream without a finish reason and without its last mark as interrupted, at any point of the cut", async () => {
    const wire = chunk({ content: "Hello " }) + chunk({ content: "you" });
    for (let length = 0; length <= wire.length; length++) {
      const { events, error } = await read(wire.slice(0, length));
      expect(error).toMatchObject({ kind: "interrupted", replica: address, retryable: true });
      expect("Hello you".startsWith(textOf(events))).toBe(true);
    }
  });

  test("accepts an answer after its finish reason, even if the connection breaks before usage and [DONE]", async () => {
    const { events, error } = await read(chunk({ content: "All" }) + finish("length"));
    expect(error).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: "finish", reason: "length" });
  });

  test("throws the driver's error for an error inside the stream", async () => {
    const { error } = await read(chunk({ content: "Hel" }) + `data: {"error":{"code":500}}\n\n`);
    expect(error).toMatchObject({ kind: "server", message: '{"codes":[],"message":"{\\"code\\":500}"}' });
  });

  test.each(["abort", "cancelled", "error", "ABORT"])(
    "reports the finish reason %s as a retryable interruption by the server",
    async (reason) => {
      expect((await read(chunk({ content: "Hel" }) + finish(reason))).error).toMatchObject({
        kind: "interrupted",
        retryable: true,
        replica: address,
        message: `test: the server broke off the answer with the reason "${reason}"; try again`,
      });
    },
  );

  test.each([
    ["stop", "stop"],
    ["eos_token", "stop"],
    ["end_turn", "stop"],
    ["a_reason_of_a_later_version", "stop"],
    ["length", "length"],
    ["max_tokens", "length"],
    ["content_filter", "content-filter"],
    ["tool_calls", "tool-calls"],
  ])("reads the finish reason %s as %s", async (reason, ours) => {
    const { events } = await read(chunk({ content: "Hi" }) + finish(reason));
    expect(events.at(-1)).toEqual({ type: "finish", reason: ours });
  });
});

describe("tool calls and log-probabilities", () => {
  test("puts the id and the name of a tool call's first piece on every piece", async () => {
    const calls = (...parts: readonly object[]): string => chunk({ tool_calls: parts });
    const wire = [
      chunk({ role: "assistant", content: null }),
      calls({ index: 0, id: "a", type: "function", function: { name: "weather", arguments: "" } }),
      calls({ index: 0, function: { arguments: '{"city":' } }),
      calls({ index: 1, id: "b", function: { name: "now", arguments: "{}" } }),
      calls({ index: 0, function: { arguments: '"Oslo"}' } }),
      finish("tool_calls"),
      done,
    ].join("");
    const { events, error } = await read(wire);
    expect(error).toBeUndefined();
    const weather = { type: "tool-call", index: 0, id: "a", name: "weather" };
    expect(events.slice(1)).toEqual([
      { ...weather, argumentsDelta: "" },
      { ...weather, argumentsDelta: '{"city":' },
      { type: "tool-call", index: 1, id: "b", name: "now", argumentsDelta: "{}" },
      { ...weather, argumentsDelta: '"Oslo"}' },
      { type: "finish", reason: "tool-calls" },
    ]);
  });

  test("reads whole tool calls without index, id or argument text, with `stop` as their end", async () => {
    const whole = (name: string) => ({ function: { name, arguments: { city: "Oslo" } } });
    const { events } = await read(chunk({ tool_calls: [whole("weather"), whole("tide")] }) + finish("stop"));
    expect(events.slice(1)).toEqual([
      { type: "tool-call", index: 0, id: "call_0", name: "weather", argumentsDelta: '{"city":"Oslo"}' },
      { type: "tool-call", index: 1, id: "call_1", name: "tide", argumentsDelta: '{"city":"Oslo"}' },
      { type: "finish", reason: "tool-calls" },
    ]);
  });

  test("returns log-probabilities with their text, with no more alternatives than requested", async () => {
    const token = (text: string, logprob: number) => ({ token: text, logprob });
    const content = [{ ...token("Hi", -0.1), top_logprobs: [token("Hi", -0.1), token("Ho", -2)] }];
    const piece = { choices: [{ delta: { content: "Hi" }, logprobs: { content }, finish_reason: null }] };
    const broken = {
      choices: [{ delta: { content: "!" }, logprobs: { content: "?" }, finish_reason: "stop" }],
    };
    const { events } = await read(`data: ${JSON.stringify(piece)}\n\ndata: ${JSON.stringify(broken)}\n\n`);
    expect(events.slice(1, 3)).toEqual([
      { type: "text", text: "Hi", logprobs: [{ ...token("Hi", -0.1), top: [token("Hi", -0.1)] }] },
      { type: "text", text: "!" },
    ]);
  });
});

describe("an answer of an unexpected form", () => {
  test("refuses a piece that is not JSON, or JSON of another form, as an invalid response", async () => {
    expect((await read("data: <html>\n\n")).error).toMatchObject({ code: "invalid_response" });
    expect((await read('data: {"choices":"no"}\n\n')).error).toMatchObject({ code: "invalid_response" });
  });

  test("ignores nulls and incomplete counts", async () => {
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

  test("shows an answer that is not an event stream and does not retry", async () => {
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

  test("reads events under another content type or none, and reports a cut as interrupted", async () => {
    const wire = chunk({ content: "Hi" }) + finish("stop");
    for (const contentType of ["text/plain", "application/octet-stream", ""]) {
      expect((await read(wire, contentType)).error).toBeUndefined();
      for (const cut of ["d", "data", "data: {", ": ping\n\n", "data: [DONE]\n\n"])
        expect((await read(cut, contentType)).error).toMatchObject({ kind: "interrupted", retryable: true });
    }
  });

  test("quotes a piece that is not JSON without secrets", async () => {
    const { error } = await read(`data: s3cret\n\n`);
    expect(inspect(error)).toContain("not JSON: [redacted]");
    expect(inspect(error)).not.toContain("s3c");
  });
});

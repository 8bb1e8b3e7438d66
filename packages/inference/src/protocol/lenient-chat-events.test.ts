import { describe, expect, test } from "vitest";
import { chunk, done, finish, read, textOf } from "./fixtures/chat-wire.ts";

describe("tool calls", () => {
  const calls = async (...pieces: readonly object[]): Promise<readonly object[]> => {
    const { events } = await read(
      [...pieces.map((piece) => chunk({ tool_calls: [piece] })), finish("tool_calls")].join(""),
    );
    const found = new Map<number, { id: string; name: string; text: string }>();
    for (const event of events)
      if (event.type === "tool-call") {
        const text = (found.get(event.index)?.text ?? "") + event.argumentsDelta;
        found.set(event.index, { id: event.id, name: event.name, text });
      }
    return [...found.values()];
  };

  test("continues the last call if a piece has neither index, id nor name", async () => {
    const first = { id: "c1", function: { name: "w", arguments: '{"a"' } };
    expect(await calls(first, { function: { arguments: ":1}" } })).toEqual([
      { id: "c1", name: "w", text: '{"a":1}' },
    ]);
  });

  test("begins a new call if another id comes under the same index", async () => {
    const call = (id: string, name: string) => ({ index: 0, id, function: { name, arguments: "{}" } });
    expect(await calls(call("c1", "a"), call("c2", "b"))).toEqual([
      { id: "c1", name: "a", text: "{}" },
      { id: "c2", name: "b", text: "{}" },
    ]);
  });

  test("takes a name that comes late, and an empty id for a missing one", async () => {
    const pieces = [
      { index: 0, id: "", function: { arguments: "" } },
      { index: 0, function: { name: "w", arguments: "{}" } },
    ];
    expect(await calls(...pieces)).toEqual([{ id: "call_0", name: "w", text: "{}" }]);
  });
});

describe("lenient reading", () => {
  test("reads reasoning under the newer name beside an empty older field", async () => {
    const { events } = await read(chunk({ reasoning_content: "", reasoning: "thought" }) + finish("stop"));
    expect(events).toContainEqual({ type: "reasoning", text: "thought" });
  });

  test("reads a whole message in place of pieces, but not again after them", async () => {
    const whole = (text: string) =>
      `data: ${JSON.stringify({ choices: [{ message: { content: text }, finish_reason: "stop" }] })}\n\n`;
    expect(textOf((await read(whole("whole") + done)).events)).toBe("whole");
    expect(textOf((await read(chunk({ content: "in pieces" }) + whole("in pieces") + done)).events)).toBe(
      "in pieces",
    );
  });

  test.each([false, "", null, 0])("keeps a good piece beside the error field %j", async (error) => {
    const { events, error: thrown } = await read(chunk({ content: "good" }, { error }) + finish("stop"));
    expect([textOf(events), thrown]).toEqual(["good", undefined]);
  });

  test("skips a choice that is null", async () => {
    const { events, error } = await read(
      `${chunk({ content: "a" })}data: {"choices":[null]}\n\n${finish("stop")}`,
    );
    expect([textOf(events), error]).toEqual(["a", undefined]);
  });

  test("throws the words of a piece that is itself an error, as older versions of vLLM send it", async () => {
    const flat = { object: "error", message: "boom", type: "BadRequestError", param: null, code: 400 };
    const { error } = await read(`${chunk({ content: "a" })}data: ${JSON.stringify(flat)}\n\n${done}`);
    expect(error).toMatchObject({ message: expect.stringContaining('"status":400') });
  });

  test.each(['{"message":"boom"}', '{"error":{"message":"boom"}}', "boom"])(
    "throws the words of an error event: %s",
    async (data) => {
      const { error } = await read(`${chunk({ content: "a" })}event: error\ndata: ${data}\n\n`);
      expect(error).toMatchObject({ message: expect.stringContaining("boom"), kind: "server" });
    },
  );

  const hello = chunk({ content: "Hello" });
  const reasonOf = async (wire: string): Promise<unknown> => {
    const { events, error } = await read(wire);
    const last = events.at(-1);
    return [textOf(events), error ?? (last?.type === "finish" ? last.reason : last)];
  };

  const endings: readonly (readonly [reason: string, expected: string])[] = [
    ["eos", "stop"],
    ["end", "stop"],
    ["end_turn", "stop"],
    ["STOP", "stop"],
    ["a reason of tomorrow", "stop"],
    ["max_tokens", "length"],
    ["MAX_TOKENS", "length"],
  ];
  test.each(endings)("keeps the answer of a stream that ends with %j (S2)", async (reason, expected) => {
    expect(await reasonOf(hello + finish(reason) + done)).toEqual(["Hello", expected]);
  });

  test("takes the mark of the end for a reason (S2)", async () => {
    expect(await reasonOf(hello + done)).toEqual(["Hello", "stop"]);
  });

  test("reads a content that is a list of texts and reasoning (S3)", async () => {
    const parts = [
      { type: "thinking", thinking: [{ type: "text", text: "so" }] },
      { type: "thinking", thinking: "!" },
      { type: "text", text: "Hello" },
      { type: "reference", reference_ids: [1] },
    ];
    const { events } = await read(chunk({ content: parts }) + finish("stop"));
    expect(textOf(events)).toBe("Hello");
    expect(events).toContainEqual({ type: "reasoning", text: "so!" });
  });

  test.each([
    "data:\n\n",
    "event: ping\ndata: {}\n\n",
    "event: ping\ndata: x\n\n",
    "data: \n\n",
    ": keep\n\n",
  ])("skips an event without content: %j (S4)", async (event) => {
    expect(await reasonOf(hello + event + finish("stop") + event + done)).toEqual(["Hello", "stop"]);
  });

  test("reads reasoning at the beginning of the text as reasoning (S1)", async () => {
    const wire = chunk({ content: "<thi" }) + chunk({ content: "nk>Source [2]</think>\n" }) + hello;
    const { events } = await read(wire + finish("stop"));
    expect(textOf(events)).toBe("Hello");
    expect(events).toContainEqual({ type: "reasoning", text: expect.stringContaining("Source") });
  });
});

import { expect, it } from "vitest";
import type { GenerationItem } from "../../../generation/timed-generation.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { InferResponse } from "../wire/infer-message.ts";
import { readTextEvents, type ReadTextOptions } from "./read-text-events.ts";

const server = { label: "TritonBackend grpc://h:1", address: "grpc://h:1", maxAttempts: 1 };
const tensors = {
  prompt: "p",
  response: "out",
  finishReason: "why",
  promptTokens: "in",
  completionTokens: "n",
};
const out = (...pieces: readonly (string | Uint8Array)[]): Tensor => ({
  name: "out",
  datatype: "BYTES",
  shape: [pieces.length],
  data: pieces,
});
const why = (reason: string): Tensor => ({ ...out(reason), name: "why" });
const count = (name: string, value: number): Tensor => ({
  name,
  datatype: "UINT32",
  shape: [1],
  data: Uint32Array.of(value),
});
const answer = (outputs: readonly Tensor[], isFinal = false): InferResponse => ({
  model: "m",
  version: "1",
  outputs,
  parameters: { triton_final_response: isFinal },
});

async function events(
  answers: readonly InferResponse[],
  options: Partial<ReadTextOptions> = {},
): Promise<readonly GenerationItem[]> {
  async function* source(): AsyncGenerator<InferResponse> {
    yield* answers;
  }
  const items: GenerationItem[] = [];
  const reading = { server, model: "m", tensors, isDecoupled: true, ...options };
  for await (const item of readTextEvents(source(), reading)) if (item !== "alive") items.push(item);
  return items;
}

const start = { type: "start", model: "m", replica: "grpc://h:1" };

it("yields the pieces, the summed usage and the reason of the last answer", async () => {
  const all = [
    answer([out("a"), why("None"), count("in", 3), count("n", 1)]),
    answer([out("b"), why("length"), count("in", 3), count("n", 2)]),
    answer([], true),
  ];
  expect(await events(all)).toEqual([
    start,
    { type: "text", text: "a" },
    { type: "text", text: "b" },
    { type: "usage", usage: { promptTokens: 3, completionTokens: 3 } },
    { type: "finish", reason: "length" },
  ]);
});

it("joins a character that is cut between answers, and ends half a character with U+FFFD", async () => {
  const [first = 0, second = 0] = Buffer.from("é");
  const cut = [
    answer([out(Uint8Array.of(first))]),
    answer([out(Uint8Array.of(second, first))]),
    answer([], true),
  ];
  expect((await events(cut)).slice(1, -1)).toEqual([
    { type: "text", text: "é" },
    { type: "text", text: "\ufffd" },
  ]);
});

it("finishes with `length` if a model without a reason wrote as many tokens as it may", async () => {
  const all = [answer([out("a"), count("n", 2)], true)];
  expect((await events(all, { maxTokens: 2 })).at(-1)).toEqual({ type: "finish", reason: "length" });
  expect((await events(all, { maxTokens: 3 })).at(-1)).toEqual({ type: "finish", reason: "stop" });
});

it("needs no final mark from a model with one answer", async () => {
  expect(await events([answer([out("a")])], { isDecoupled: false })).toEqual([
    start,
    { type: "text", text: "a" },
    { type: "finish", reason: "stop" },
  ]);
});

it("throws `interrupted` if a stream ends without its final answer", async () => {
  await expect(events([answer([out("a")])])).rejects.toMatchObject({ kind: "interrupted", retryable: true });
  await expect(events([])).rejects.toMatchObject({ kind: "interrupted" });
});

it("throws `interrupted` if the model reports that it cancelled the answer", async () => {
  await expect(events([answer([out("a"), why("cancelled")], true)])).rejects.toMatchObject({
    kind: "interrupted",
  });
});

it("refuses an answer without the text output", async () => {
  await expect(events([answer([why("stop")], true)])).rejects.toThrow(
    'expected the output "out" of BYTES, got only why',
  );
});

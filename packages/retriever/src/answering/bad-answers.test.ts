import { FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../retrieval/fixtures/indexed.ts";
import type { AnswererOptions } from "./answerer-options.ts";
import { createAnswerer } from "./create-answerer.ts";

// Passes values that TypeScript would reject, as a caller in plain JavaScript can.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

async function answerWith(options: Partial<AnswererOptions>, stream?: unknown): Promise<unknown> {
  const { store, index } = await indexed([textDocument("a.txt", "The tide rises at noon.")]);
  const backend = new FakeInferenceBackend({ replies: ["It rises. [1]"] });
  if (stream !== undefined) Object.assign(backend, { stream: () => stream });
  const retriever = createRetriever({ store, index });
  return createAnswerer({ retriever, backend, ...options }).answer("When does the tide rise?");
}

async function* events(...all: readonly unknown[]): AsyncGenerator<unknown> {
  yield* all;
}
const streamOf = (...all: readonly unknown[]): object =>
  Object.assign(events(...all), { result: new Promise(() => undefined) });

test.each<[what: string, stream: unknown, message: RegExp]>([
  ["a promise", Promise.resolve(streamOf()), /at once, got a Promise/],
  ["a text", "It rises.", /got the string/],
  ["a bare generator", events(), /must return a GenerationStream/],
  ["no event", streamOf(undefined), /got undefined as an event/],
  ["texts as events", streamOf("It rises."), /got the string "It rises\." as an event/],
  ["an event without a type", streamOf({ text: "x" }), /without a type/],
  [
    "a text event without its text",
    streamOf({ type: "text", delta: "x" }),
    /text of a text event is undefined/,
  ],
])("rejects a backend that streams %s", async (_, stream, message) => {
  await expect(answerWith({}, stream)).rejects.toMatchObject({
    code: "invalid_response",
    message: expect.stringMatching(message),
  });
});

test.each<[what: string, messages: unknown, message: RegExp]>([
  ["a text", "Answer this", /got the string "Answer this"/],
  ["no message", [], /got an empty array/],
  ["texts", ["Answer this"], /array of messages/],
  ["a promise", Promise.resolve([]), /await it first/],
])("rejects a prompt builder that returns %s", async (_, messages, message) => {
  await expect(answerWith({ prompt: () => raw(messages) })).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringMatching(message),
  });
});

test("rejects a tokenizer whose count is not a number", async () => {
  await expect(answerWith({ tokenizer: { count: () => Number.NaN } })).rejects.toMatchObject({
    code: "invalid_response",
    message: expect.stringMatching(/count\(\) must return .* NaN/),
  });
});

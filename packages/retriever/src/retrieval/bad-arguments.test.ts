import { FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createAnswerer } from "../answering/create-answerer.ts";
import { createExtractiveAnswerer } from "../answering/create-extractive-answerer.ts";
import { formatContext } from "../answering/prompt/format-context.ts";
import { createRetriever } from "./create-retriever.ts";
import { indexed, textDocument } from "./fixtures/indexed.ts";

// Passes values that TypeScript would reject, as a caller in plain JavaScript can.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

async function setUp() {
  const embedder = new FakeEmbedder();
  const { store, index } = await indexed([textDocument("a.txt", "The tide rises.")], { embedder });
  const retriever = createRetriever({ store, index });
  const backend = new FakeInferenceBackend({ replies: ["It rises. [1]"] });
  const retrieval = await retriever.retrieve("tide");
  const { calls } = embedder;
  return {
    embedder,
    calls,
    retriever,
    retrieval,
    answerer: createAnswerer({ retriever, backend }),
    extractive: createExtractiveAnswerer({ retriever }),
  };
}
type SetUp = Awaited<ReturnType<typeof setUp>>;

test.each<[call: string, run: (made: SetUp) => unknown, message: RegExp]>([
  [
    "topK",
    ({ retriever }) => retriever.retrieve("q", raw({ topK: 1 })),
    /retrieve: `topK` is not an option; the options are .*limit.*filter/,
  ],
  [
    "a number as options",
    ({ retriever }) => retriever.retrieve("q", raw(5)),
    /expected object, received number/,
  ],
  [
    "null as options",
    ({ retriever }) => retriever.retrieve("q", raw(null)),
    /expected object, received null/,
  ],
  ["a limit of 0", ({ retriever }) => retriever.retrieve("q", { limit: 0 }), /limit/],
  [
    "a limit in a string",
    ({ retriever }) => retriever.retrieve("q", raw({ limit: "5" })),
    /limit: .*expected .*received string/,
  ],
  [
    "a text as filter",
    ({ retriever }) => retriever.retrieve("q", raw({ filter: "year > 3" })),
    /filter: .*the string "year > 3"/,
  ],
  ["null as filter", ({ retriever }) => retriever.retrieve("q", raw({ filter: null })), /filter: .*null/],
  ["terms that are no boolean", ({ retriever }) => retriever.retrieve("q", raw({ terms: 1 })), /terms/],
  [
    "no query",
    ({ retriever }) => retriever.retrieve(raw(undefined)),
    /query: expected a string or .*undefined/,
  ],
  ["a numeric query", ({ retriever }) => retriever.retrieve(raw(42)), /query: .*the number 42/],
  ["a list of queries", ({ retriever }) => retriever.retrieve(raw(["a", "b"])), /query: .*an array of 2/],
  [
    "a promise of a query",
    ({ retriever }) => retriever.retrieve(raw(Promise.resolve("a"))),
    /await it first/,
  ],
  [
    "a query with other keys",
    ({ retriever }) => retriever.retrieve(raw({ query: "a" })),
    /`query` is not a key of an input/,
  ],
  [
    "a query whose text is a number",
    ({ retriever }) => retriever.retrieve(raw({ content: [{ type: "text", text: 7 }] })),
    /query\.content\.0\.text: .*7/,
  ],
  [
    "an image without bytes",
    ({ retriever }) => retriever.retrieve(raw({ content: [{ type: "image", image: "a.png" }] })),
    /query\.content\.0\.image/,
  ],
  [
    "a part of another kind",
    ({ retriever }) => retriever.retrieve(raw({ content: ["a"] })),
    /query\.content\.0: expected \{ type/,
  ],
  [
    "parts that are no list",
    ({ retriever }) => retriever.retrieve(raw({ content: "a" })),
    /query\.content: /,
  ],
  ["no question", ({ answerer }) => answerer.answer(raw(undefined)), /answer: question: .*undefined/],
  [
    "an option of the retriever's",
    ({ answerer }) => answerer.answer("q", raw({ evidence: true })),
    /`evidence` is not an option/,
  ],
  [
    "a question that is an object",
    ({ extractive }) => extractive.answer(raw({ text: "q" })),
    /question: .*an object with text/,
  ],
  ["topK of an extractive answerer", ({ extractive }) => extractive.answer("q", raw({ topK: 1 })), /`topK`/],
  ["topK of a stream", async ({ answerer }) => answerer.stream("q", raw({ topK: 1 })), /stream: `topK`/],
  [
    "topK of an extractive stream",
    async ({ extractive }) => extractive.stream("q", raw({ topK: 1 })),
    /stream: `topK`/,
  ],
  [
    "no options of formatContext",
    async ({ retrieval }) => formatContext(retrieval, raw(undefined)),
    /formatContext: .*expected object/,
  ],
  [
    "a wrong key of formatContext",
    async ({ retrieval }) => formatContext(retrieval, raw({ maxTokens: 9, max: 1 })),
    /`max` is not an option; the options are maxTokens, tokenizer, order/,
  ],
  [
    "NaN tokens of context",
    async ({ retrieval }) => formatContext(retrieval, { maxTokens: Number.NaN }),
    /maxTokens/,
  ],
  [
    "passages instead of a retrieval",
    async ({ retrieval }) => formatContext(raw(retrieval.passages), { maxTokens: 9 }),
    /retrieval: expected the result of retrieve\(\), got an array of 1/,
  ],
  ["nothing instead of a retrieval", async () => formatContext(raw(null), { maxTokens: 9 }), /got null/],
  [
    "a promise of a retrieval",
    async ({ retrieval }) => formatContext(raw(Promise.resolve(retrieval)), { maxTokens: 9 }),
    /await it first/,
  ],
])("rejects %s before it embeds the query", async (_, run, message) => {
  const made = await setUp();
  await expect(run(made)).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringMatching(message),
  });
  expect(made.embedder.calls).toBe(made.calls);
});

test.each<[what: string, answer: unknown, code: string]>([
  ["no outcome", { spaceId: "fake", outcomes: [] }, "invalid_response"],
  [
    "two outcomes",
    { spaceId: "fake", outcomes: [new Float32Array(64), new Float32Array(64)] },
    "invalid_response",
  ],
  ["numbers in an array", { spaceId: "fake", outcomes: [[1, 2]] }, "invalid_response"],
  ["another number of dimensions", { spaceId: "fake", outcomes: [Float32Array.of(1)] }, "invalid_response"],
  ["only zeros", { spaceId: "fake", outcomes: [new Float32Array(64)] }, "invalid_vector"],
  ["another space", { spaceId: "other", outcomes: [new Float32Array(64).fill(1)] }, "wrong_space"],
])("rejects a query if the embedder answers with %s", async (_, answer, code) => {
  const { embedder, retriever } = await setUp();
  Object.assign(embedder, { embed: () => Promise.resolve(answer) });
  await expect(retriever.retrieve("tide")).rejects.toMatchObject({ code });
});

import { FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { closingWords } from "./closing-words.ts";

const backend = new FakeInferenceBackend({ replies: [{ text: "" }] });
const embedder = new FakeEmbedder();

test.each([
  ["nothing", {}, /search is lexical, and the answer is sentences/, ["BINNACLE_LLM_URL"]],
  ["an embedder alone", { embedder }, /search is hybrid, but no language model/, ["BINNACLE_LLM_URL"]],
  ["a language model alone", { backend }, /search is lexical/, ["BINNACLE_EMBED_URL"]],
  ["both", { backend, embedder }, /^$/, []],
])("names the models that took part: %s", (_, parts, said, variables) => {
  const words = closingWords(parts, undefined);
  expect(words).toMatch(said);
  expect(words.match(/BINNACLE_\w+_URL/g) ?? []).toEqual(variables);
});

test("names the server's address first", () => {
  expect(closingWords({}, "http://127.0.0.1:8000")).toMatch(/^\nServing at http:\/\/127\.0\.0\.1:8000 /);
});

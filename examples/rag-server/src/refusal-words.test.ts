import { expect, test } from "vitest";
import { refusalWords } from "./refusal-words.ts";

test.each([
  ["nothing-found", [], "The search found no passage."],
  ["unknown-name", ["Kafka", "Helm"], 'No document mentions "Kafka" or "Helm".'],
  ["unrelated", [], "The found passages are most likely about something else."],
  ["declined", [], "The model found no answer in its passages."],
] as const)("gives the reason in a sentence: %s", (reason, unknownNames, sentence) => {
  expect(refusalWords({ reason, unknownNames })).toBe(sentence);
});

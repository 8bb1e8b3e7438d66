import { expect, test } from "vitest";
import { ReasoningSplitter, withoutUnopenedReasoning } from "./reasoning-splitter.ts";

const split = (pieces: readonly string[]): { reasoning: string; text: string } => {
  const splitter = new ReasoningSplitter();
  const found = [...pieces.flatMap((piece) => splitter.add(piece)), ...splitter.end()];
  const of = (type: string): string => found.map((one) => (one.type === type ? one.text : "")).join("");
  return { reasoning: of("reasoning"), text: of("text") };
};

test.each([
  ["<think>Source [2] says so.</think>\n\nIt is six.", "Source [2] says so.", "It is six."],
  ["\n<Thinking>a < b</Thinking>Yes", "a < b", "Yes"],
  ["<think></think>Yes", "", "Yes"],
  ["<think>a</think><think>b</think> Yes", "ab", "Yes"],
  ["<think>never closed", "never closed", ""],
  ["No tag <think>here</think>.", "", "No tag <think>here</think>."],
  ["<thimble> is no tag", "", "<thimble> is no tag"],
  [" leading space", "", " leading space"],
  ["<th", "", "<th"],
  [
    "<think>İİİİİİİİ ok</THINK>The harbour gate opens at six [1].",
    "İİİİİİİİ ok",
    "The harbour gate opens at six [1].",
  ],
])("separates the reasoning of %j, wherever the text is cut (S1)", (output, reasoning, text) => {
  expect(split([output])).toEqual({ reasoning, text });
  expect(split(Array.from(output))).toEqual({ reasoning, text });
});

test("hands on text without a tag at once", () => {
  const splitter = new ReasoningSplitter();
  expect(splitter.add("Hello")).toEqual([{ type: "text", text: "Hello" }]);
});

test.each([
  ["Source [2] says so.\n</think>\n\nIt is six [1].", "It is six [1]."],
  ["It is six [1].\n</think>\n", "It is six [1]."],
  ["Use `</think>` at the end.", "Use `</think>` at the end."],
  ["No tag <think>here</think>.", "No tag <think>here</think>."],
  ["It is six [1].", "It is six [1]."],
])("removes reasoning without an opening tag from %j", (output, text) => {
  expect(withoutUnopenedReasoning(output)).toBe(text);
});

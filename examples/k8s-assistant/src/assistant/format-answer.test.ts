import { expect, test } from "vitest";
import type { AssistantAnswer } from "./assistant-answer.ts";
import { boundedText } from "./format-answer.ts";
import { countTokens } from "./token-budget.ts";

const long: AssistantAnswer = {
  question: "q",
  route: "list",
  mode: "extractive",
  text: Array.from({ length: 500 }, (_, line) => `Pod/shop/web-${line}@${line} runs container web`).join(
    "\n",
  ),
  sources: Array.from({ length: 200 }, (_, each) => ({
    object: `Pod/shop/web-${each}@${each}`,
    age: "3 s ago",
  })),
  cut: "",
  warnings: ["secrets is forbidden to the sync, so it is not in the index."],
  tokens: { used: 10, budget: 2_000 },
};

test.each([100, 300, 2_000])("keeps a result within %i tokens and says what was cut", (limit) => {
  const text = boundedText(long, limit);
  expect(countTokens(text)).toBeLessThanOrEqual(limit);
  expect(text).toMatch(/\(\d+ lines were cut\)/);
  expect(text).toMatch(/secrets is forbidden/);
});

test("cuts nothing that has room", () => {
  const short = { ...long, text: "2 Pods", sources: [] };
  expect(boundedText(short, 300)).toBe(
    "2 Pods\n\nNote: secrets is forbidden to the sync, so it is not in the index.\n(10 of 2000 tokens)",
  );
});

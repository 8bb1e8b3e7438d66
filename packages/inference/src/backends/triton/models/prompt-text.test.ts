import type { ChatMessage } from "@binnacle/core";
import { expect, it } from "vitest";
import { promptText } from "./prompt-text.ts";

const turns: readonly ChatMessage[] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: [{ type: "text", text: "Hi" }] },
  { role: "assistant", content: "Hello" },
  { role: "user", content: "Why?" },
];

it("sends a single user message as it is, and several messages as lines with roles", () => {
  expect(promptText([{ role: "user", content: "Hi \ud800" }], "transcript")).toBe("Hi \ufffd");
  expect(promptText(turns, "transcript")).toBe(
    "System: Be brief.\n\nUser: Hi\n\nAssistant: Hello\n\nUser: Why?\n\nAssistant:",
  );
});

it("returns ChatML, or the form of a function", () => {
  expect(promptText(turns.slice(0, 2), "chatml")).toBe(
    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
  );
  expect(promptText(turns, (messages) => `${messages.length} turns`)).toBe("4 turns");
});

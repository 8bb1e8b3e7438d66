import type { EmbedInput } from "../spec/embedder.ts";

/** The texts of an input, joined by line breaks; empty if it has none. */
export function inputText(input: EmbedInput): string {
  if (typeof input === "string") return input;
  return input.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

/** Whether an input holds anything but text. */
export function isMixedInput(input: EmbedInput): boolean {
  return typeof input !== "string" && input.content.some(({ type }) => type !== "text");
}

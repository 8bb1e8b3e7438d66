import type { EmbedInput } from "../spec/embedder.ts";

/** Returns the texts of an input, joined by line breaks. An input without text gives the empty string. */
export function inputText(input: EmbedInput): string {
  if (typeof input === "string") return input;
  return input.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

/** Returns true if an input holds a part that is not text. */
export function isMixedInput(input: EmbedInput): boolean {
  return typeof input !== "string" && input.content.some(({ type }) => type !== "text");
}

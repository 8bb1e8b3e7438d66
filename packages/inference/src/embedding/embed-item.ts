import {
  BinnacleError,
  UnsupportedError,
  type ContentPart,
  type EmbedInput,
  type EmbedderInfo,
} from "@binnacle/core";
import { inputText, isMixedInput } from "@binnacle/core/kit";

/** What is sent for one input, prefix included: a text, or parts of which at least one is no text. */
export type EmbedItem = string | readonly ContentPart[];

/** How inputs become items. */
export interface EmbedItemOptions {
  /** Put before every text. */
  readonly prefix: string;
  readonly accepts: EmbedderInfo["accepts"];
}

/** The item of an input, or why it cannot be sent. */
export function embedItem(
  input: EmbedInput,
  { prefix, accepts }: EmbedItemOptions,
): EmbedItem | BinnacleError {
  const text = inputText(input);
  if (typeof input !== "string" && isMixedInput(input)) {
    const kind = text.trim() === "" ? "image" : "text+image";
    if (!accepts.includes(kind)) return refused(kind, accepts);
    return withPrefix(input.content, prefix);
  }
  if (text.trim() === "") return new BinnacleError("empty_input", "an empty text has no meaning to embed");
  // UTF-8 cannot say a lone surrogate: TextEncoder, and every server behind it, reads U+FFFD.
  return (prefix + text).toWellFormed();
}

/** Bytes of an item in a request, about: an image travels as base64. */
export function itemBytes(item: EmbedItem): number {
  if (typeof item === "string") return Buffer.byteLength(item);
  const bytes = item.map((part) =>
    part.type === "text" ? Buffer.byteLength(part.text) : Math.ceil((part.image.data.byteLength * 4) / 3),
  );
  return bytes.reduce((sum, one) => sum + one, 0);
}

function withPrefix(content: readonly ContentPart[], prefix: string): readonly ContentPart[] {
  const first = content.find(({ type }) => type === "text");
  return content.map((part) =>
    part === first && part.type === "text" ? { type: "text", text: prefix + part.text } : part,
  );
}

function refused(kind: "image" | "text+image", accepts: EmbedderInfo["accepts"]): UnsupportedError {
  const what = kind === "image" ? "an image" : "a text together with an image";
  return new UnsupportedError(
    `this embedder takes ${accepts.join(", ")}, not ${what}; use a multimodal model`,
    { capability: "accepts" },
  );
}

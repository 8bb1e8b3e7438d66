import {
  BinnacleError,
  UnsupportedError,
  type ContentPart,
  type EmbedInput,
  type EmbedderInfo,
} from "@binnacle/core";
import { inputText, isMixedInput } from "@binnacle/core/kit";

/** The value to send for one input, with its prefix: a text, or a list of parts that are not all texts. */
export type EmbedItem = string | readonly ContentPart[];

/** The prefix and the kinds of input to accept. */
export interface EmbedItemOptions {
  /** Put before every text. */
  readonly prefix: string;
  readonly accepts: EmbedderInfo["accepts"];
}

/** Returns the item of an input, or the error if the input cannot be sent. */
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
  if (text.trim() === "") return new BinnacleError("empty_input", "cannot embed an empty text; leave it out");
  // UTF-8 has no lone surrogates. TextEncoder and every server read them as U+FFFD.
  return (prefix + text).toWellFormed();
}

/** Estimates the bytes of an item in a request. An image is sent as base64. */
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
    `this embedder accepts ${accepts.join(", ")}, not ${what}; use a multimodal model`,
    { capability: "accepts" },
  );
}

import type { Retrieval } from "@binnacle/core";
import { formatContext, type FormatContextOptions } from "../answering/prompt/format-context.ts";

/** Formats a retrieval for a model that called a tool. */
export function retrievedText(retrieval: Retrieval, options: FormatContextOptions): string {
  const { text } = formatContext(retrieval, options);
  return text === "" ? "The search found nothing." : text;
}

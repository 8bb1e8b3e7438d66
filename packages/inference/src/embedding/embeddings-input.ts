import { partBody } from "../protocol/chat-body.ts";
import type { EmbedItem } from "./embed-item.ts";

/**
 * Returns the `input` field of `POST /v1/embeddings`. Parts are written as in a chat message, as llama-server
 * takes them.
 */
export function embeddingsInput(items: readonly EmbedItem[]): readonly unknown[] {
  return items.map((item) => (typeof item === "string" ? item : { content: item.map(partBody) }));
}

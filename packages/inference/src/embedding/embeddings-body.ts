import { partBody } from "../protocol/chat-body.ts";
import type { EmbedItem } from "./embed-item.ts";

/** The `input` of `POST /v1/embeddings`. llama-server takes parts beside texts; they are written as in a chat. */
export function embeddingsInput(items: readonly EmbedItem[]): readonly unknown[] {
  return items.map((item) => (typeof item === "string" ? item : { content: item.map(partBody) }));
}

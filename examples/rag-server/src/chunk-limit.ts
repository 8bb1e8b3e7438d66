import type { Embedder } from "@binnacle/core";

const preferredTokens = 300;

// A small model's own vocabulary makes more tokens of a text than o200k_base does: 2.4 times as many were seen with
// all-MiniLM-L6-v2 on a page of Markdown tables, where inline code falls apart into single characters.
const worstRatio = 2.5;

/** Tokens per chunk that the embedder takes whatever the text is, and no more than serves retrieval. */
export async function chunkLimit(embedder: Embedder | undefined, signal?: AbortSignal): Promise<number> {
  const limit = (await embedder?.describe({ signal }))?.maxTokensPerItem ?? Infinity;
  return Math.max(32, Math.min(preferredTokens, Math.floor(limit / worstRatio)));
}

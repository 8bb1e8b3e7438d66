import type { Embedder, Tokenizer } from "@binnacle/core";
import { createWordPieceEstimate } from "./word-piece-estimate.ts";

/** The limit of a chunk, and what it is counted with: the chunker's default where no tokenizer is named. */
export interface ChunkLimit {
  readonly maxTokens: number;
  readonly tokenizer?: Tokenizer | undefined;
}

const preferredTokens = 300;
/** An embedder that takes so many times more has room for any text of that size. */
const ampleRatio = 4;
/** The rest is for the heading path, which is embedded with the chunk, and for what frames an input. */
const shareOfLimit = 0.8;

/** Chunks that the embedder takes whatever the text is, and no longer than serves retrieval. */
export async function chunkLimit(embedder: Embedder | undefined, signal?: AbortSignal): Promise<ChunkLimit> {
  const limit = (await embedder?.describe({ signal }))?.maxTokensPerItem ?? Infinity;
  if (limit >= preferredTokens * ampleRatio) return { maxTokens: preferredTokens };
  return { maxTokens: Math.max(32, Math.floor(limit * shareOfLimit)), tokenizer: createWordPieceEstimate() };
}

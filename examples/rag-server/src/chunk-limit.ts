import type { Embedder, Tokenizer } from "@binnacle/core";
import { createWordPieceEstimate } from "./word-piece-estimate.ts";

/** The most tokens of a chunk and the tokenizer that counts them. @default the chunker's own tokenizer */
export interface ChunkLimit {
  readonly maxTokens: number;
  readonly tokenizer?: Tokenizer | undefined;
}

const preferredTokens = 300;
/** An embedder with this many times the preferred limit has room for any text of that size. */
const ampleRatio = 4;
/** The rest is for the heading path, which is embedded with the chunk, and for special tokens. */
const shareOfLimit = 0.8;

/** Returns a limit at which the embedder accepts every chunk, but not more than is useful for retrieval. */
export async function chunkLimit(embedder: Embedder | undefined, signal?: AbortSignal): Promise<ChunkLimit> {
  const limit = (await embedder?.describe({ signal }))?.maxTokensPerItem ?? Infinity;
  if (limit >= preferredTokens * ampleRatio) return { maxTokens: preferredTokens };
  return { maxTokens: Math.max(32, Math.floor(limit * shareOfLimit)), tokenizer: createWordPieceEstimate() };
}

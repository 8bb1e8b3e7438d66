import type { CallOptions, Embedder } from "@binnacle/core";
import { embedText } from "./embed-text.ts";

/** Returns the cosine of two texts, such as an answer and the reference answer of an experiment. */
export async function textSimilarity(
  embedder: Embedder,
  a: string,
  b: string,
  options: CallOptions = {},
): Promise<number> {
  const [x, y] = await Promise.all([
    embedText(embedder, a, { ...options, role: "document" }),
    embedText(embedder, b, { ...options, role: "document" }),
  ]);
  const dot = x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot / (Math.hypot(...x) * Math.hypot(...y));
}

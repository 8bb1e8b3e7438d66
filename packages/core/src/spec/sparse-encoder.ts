import type { EmbedOptions } from "./embedder.ts";

/** A vector that is zero almost everywhere. */
export interface SparseVector {
  /** Dimensions that are not zero: strictly ascending. */
  readonly indices: Uint32Array;
  /** Their values, finite, in the same order. */
  readonly values: Float32Array;
}

/** Turns texts into weighted terms, the one lexical leg of every store. */
export interface SparseEncoder {
  /** Changes whenever the vectors could: algorithm, language, parameters. */
  readonly id: string;
  /** One vector per text, in order; a text without any term yields an empty vector. */
  encode(texts: readonly string[], options: EmbedOptions): Promise<readonly SparseVector[]>;
}

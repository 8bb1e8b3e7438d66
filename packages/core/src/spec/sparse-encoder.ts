import type { EmbedOptions } from "./embedder.ts";

/** A vector that is zero almost everywhere. */
export interface SparseVector {
  /** Numbers of the terms, strictly ascending. */
  readonly indices: Uint32Array;
  /** Weights of the terms, finite, in the same order. */
  readonly values: Float32Array;
}

/** Turns texts into weighted terms for the lexical leg of a search. */
export interface SparseEncoder {
  /** Names algorithm, language and parameters. Changes whenever the vectors may change. */
  readonly id: string;
  /** Returns one vector per text, in order. A text without terms has an empty vector. */
  encode(texts: readonly string[], options: EmbedOptions): Promise<readonly SparseVector[]>;
}

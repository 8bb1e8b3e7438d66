import type { EmbedOptions } from "./embedder.ts";

/** A vector that is zero almost everywhere. */
export interface SparseVector {
  /** Numbers of the terms, strictly ascending. */
  readonly indices: Uint32Array;
  /** Weights of the terms, finite, in the same order. */
  readonly values: Float32Array;
}

/** A part of a text, such as its heading, whose words may count more than others. */
export interface WeightedText {
  readonly text: string;
  /** The number of times that a word of this part counts, above 0. A word of a plain text counts once. */
  readonly weight: number;
}

/** A text to encode, in one or in weighted parts. */
export type SparseInput = string | readonly WeightedText[];

/** Turns texts into weighted terms for the lexical leg of a search. */
export interface SparseEncoder {
  /** Names algorithm, language and parameters. Changes whenever the vectors may change. */
  readonly id: string;
  /** Returns one vector per text, in order. A text without terms has an empty vector. */
  encode(texts: readonly SparseInput[], options: EmbedOptions): Promise<readonly SparseVector[]>;
}

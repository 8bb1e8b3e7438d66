import { UnsupportedError, type Tokenizer } from "@binnacle/core";

// WordPiece splits off every symbol and every digit-or-letter run that its vocabulary does not know; identifiers fall into
// pieces of three letters and more.
const piece = /[\p{L}\p{M}]{1,3}|\p{N}|[^\s\p{L}\p{M}\p{N}]/gu;

/**
 * Counts at least what BERT's kind of embedding models (all-MiniLM, BGE, E5) make of English text and code. Byte-pair
 * vocabularies take a table's rule of a hundred dashes for a few tokens; these models take it for a hundred.
 */
export function createWordPieceEstimate(): Tokenizer {
  const ends = (text: string): Uint32Array => {
    if (text === "") return new Uint32Array();
    const starts = [...text.matchAll(piece)].map(({ index }) => index).slice(1);
    return Uint32Array.from([...starts, text.length]);
  };
  return {
    id: "word-piece-estimate@1",
    count: (text) => ends(text).length,
    ends,
    encode() {
      throw new UnsupportedError("word-piece estimate: it counts without a vocabulary and has no token ids", {
        capability: "encode",
      });
    },
  };
}

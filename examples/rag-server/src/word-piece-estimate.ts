import { UnsupportedError, type Tokenizer } from "@binnacle/core";

// WordPiece splits off every symbol and every unknown run of letters or digits. Identifiers become pieces of
// three or more letters.
const piece = /[\p{L}\p{M}]{1,3}|\p{N}|[^\s\p{L}\p{M}\p{N}]/gu;

/**
 * Creates a tokenizer that counts at least as many tokens as BERT's kind of embedding models (all-MiniLM,
 * BGE, E5) in English text and code. Byte-pair vocabularies count a table's rule of a hundred dashes as a few
 * tokens; these models count a hundred.
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

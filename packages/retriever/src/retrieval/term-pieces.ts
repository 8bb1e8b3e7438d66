import { wordRanges } from "@binnacle/core/stores";
import { pairedScripts } from "../text/unspaced-scripts.ts";

/** A piece of a text that an encoder may turn into one term. */
export interface TermPiece {
  readonly text: string;
  /** First character in the whole text, UTF-16. */
  readonly start: number;
  /** Smaller pieces within this piece. They come before it in the list. */
  readonly parts: readonly string[];
}

const paired = new RegExp(`[${pairedScripts}]`, "u");

/**
 * Cuts a text into words. In scripts without spaces, lexical encoders pair neighbouring characters. A word of
 * such a script therefore yields its pairs first and then the whole word.
 */
export function termPieces(text: string): readonly TermPiece[] {
  return wordRanges(text).flatMap(({ text: word, start }) => {
    const pairs = paired.test(word) ? neighbours(word, start) : [];
    return [...pairs, { text: word, start, parts: pairs.map((pair) => pair.text) }];
  });
}

function neighbours(run: string, start: number): readonly TermPiece[] {
  const pairs: TermPiece[] = [];
  let before = "";
  let at = start;
  for (const character of run) {
    if (before !== "") pairs.push({ text: before + character, start: at - before.length, parts: [] });
    before = character;
    at += character.length;
  }
  return pairs;
}

/**
 * Encodes pieces and returns a function that yields a piece's own terms, without the terms of its parts.
 * Terms are the encoder's numbers. `encode` is called once with every distinct text.
 */
export async function termsOfPieces(
  pieces: readonly TermPiece[],
  encode: (texts: readonly string[]) => Promise<readonly { readonly indices: Iterable<number> }[]>,
): Promise<(piece: TermPiece) => ReadonlySet<number>> {
  const texts = [...new Set(pieces.map(({ text }) => text))];
  const vectors = await encode(texts);
  const all = new Map(texts.map((text, position) => [text, new Set(vectors[position]?.indices)]));
  const own = new Map<string, ReadonlySet<number>>();
  for (const { text, parts } of pieces) {
    if (own.has(text)) continue;
    const terms = new Set(all.get(text));
    for (const part of parts) for (const term of all.get(part) ?? []) terms.delete(term);
    own.set(text, terms);
  }
  return ({ text }) => own.get(text) ?? new Set();
}

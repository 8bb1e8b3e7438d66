import { wordRanges } from "@binnacle/core/stores";
import { pairedScripts } from "../text/unspaced-scripts.ts";

/** A stretch of a text that an encoder may take for one term. */
export interface TermPiece {
  readonly text: string;
  /** First character in the text it was cut from, UTF-16. */
  readonly start: number;
  /** Smaller pieces that it was cut into as well, and that come before it. */
  readonly parts: readonly string[];
}

const paired = new RegExp(`[${pairedScripts}]`, "u");

/**
 * The words of a text; those of scripts without spaces first as pairs of neighbouring characters, which lexical encoders make
 * of them, and then whole.
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
 * Which terms each piece has that none of its parts has, as an encoder numbers them; `encode` is given every distinct text
 * once.
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

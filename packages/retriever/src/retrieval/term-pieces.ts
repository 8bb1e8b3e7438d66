import { once } from "@binnacle/core/kit";
import type { WordRange } from "@binnacle/core/stores";
import { compoundWords, identifierParts, joinedWord } from "../text/compound-words.ts";
import { dictionaryWords, needsDictionary } from "../text/dictionary-words.ts";
import { pairedScripts } from "../text/unspaced-scripts.ts";

/** A piece of a text that an encoder may turn into one term. */
export interface TermPiece {
  readonly text: string;
  /** First character in the whole text, UTF-16. */
  readonly start: number;
  /** Smaller pieces within this piece. They come before it in the list. */
  readonly parts: readonly string[];
}

const paired = once(() => new RegExp(`[${pairedScripts}]`, "u"));

/**
 * Cuts a text into words. A compound, an identifier, or a word of a script without spaces yields its parts
 * first and then the whole. In Chinese, Japanese and Korean the parts are pairs of neighbouring characters,
 * as in lexical encoders.
 */
export function termPieces(text: string): readonly TermPiece[] {
  return compoundWords(text).flatMap((compound) => {
    const words = compound.words.flatMap(wordPieces);
    return joinedWord(compound) === undefined ? words : [...words, whole(compound, compound.words)];
  });
}

function wordPieces(word: WordRange): readonly TermPiece[] {
  const parts = partsOf(word);
  const pieces = parts.map((part) => whole(part, []));
  // The terms across the words of a sentence in Thai are no words.
  return parts.length > 0 && needsDictionary(word.text) ? pieces : [...pieces, whole(word, parts)];
}

function whole({ text, start }: WordRange, parts: readonly WordRange[]): TermPiece {
  return { text, start, parts: parts.map((part) => part.text) };
}

function partsOf(word: WordRange): readonly WordRange[] {
  if (paired().test(word.text)) return neighbours(word);
  if (!needsDictionary(word.text)) return identifierParts(word);
  const found = dictionaryWords(word.text);
  if (found.length < 2) return [];
  return found.map(({ text, start }) => ({ text, start: word.start + start }));
}

function neighbours({ text: run, start }: WordRange): readonly WordRange[] {
  const pairs: WordRange[] = [];
  let before = "";
  let at = start;
  for (const character of run) {
    if (before !== "") pairs.push({ text: before + character, start: at - before.length });
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
): Promise<(piece: Pick<TermPiece, "text">) => ReadonlySet<number>> {
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

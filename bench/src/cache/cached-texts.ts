import { makePages, type Page } from "../index-corpus.ts";

const TEXTS = 2_000;
const CHUNK_CHARACTERS = 1_000;
const QUESTION_CHARACTERS = 60;

/** What is looked up: texts as long as a chunk, or as a question. */
export type TextKind = "chunks" | "questions";

/**
 * Distinct texts from all over the corpus. Each is cut from its own page, as a chunker does: Node keeps a text in one byte
 * a character where the whole page it is cut from allows that, and in two where it does not.
 */
export function cachedTexts(pages: readonly Page[], kind: TextKind): readonly string[] {
  const texts = new Set<string>();
  for (const { text } of pages) {
    for (let start = 0; start + CHUNK_CHARACTERS <= text.length; start += CHUNK_CHARACTERS) {
      if (texts.size === TEXTS) return [...texts];
      const length = kind === "chunks" ? CHUNK_CHARACTERS : QUESTION_CHARACTERS;
      texts.add(text.slice(start, start + length).toWellFormed());
    }
  }
  throw new Error(`the corpus has only ${texts.size} distinct texts of this kind`);
}

/** The same texts in any process. */
export function cachedTextsOfSeed(seed: number, kind: TextKind): readonly string[] {
  return cachedTexts(makePages(seed).pages, kind);
}

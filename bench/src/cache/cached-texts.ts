import { makePages, type Page } from "../index-corpus.ts";

const TEXTS = 2_000;
const CHUNK_CHARACTERS = 1_000;
/** Neighbours overlap by half, as chunks do a little. */
const STEP_CHARACTERS = 500;
const QUESTION_CHARACTERS = 60;

/** Length of the texts: that of a chunk or of a question. */
export type TextKind = "chunks" | "questions";

/**
 * Returns distinct texts from the whole corpus. Each is cut from its own page, as by a chunker. Node stores a
 * text in one byte a character only if its whole page allows that.
 */
export function cachedTexts(pages: readonly Page[], kind: TextKind): readonly string[] {
  const texts = new Set<string>();
  for (const { text } of pages) {
    for (let start = 0; start + CHUNK_CHARACTERS <= text.length; start += STEP_CHARACTERS) {
      if (texts.size === TEXTS) return [...texts];
      const length = kind === "chunks" ? CHUNK_CHARACTERS : QUESTION_CHARACTERS;
      texts.add(text.slice(start, start + length).toWellFormed());
    }
  }
  throw new Error(`the corpus has only ${texts.size} distinct texts of this kind`);
}

/** Returns the same texts in every process. */
export function cachedTextsOfSeed(seed: number, kind: TextKind): readonly string[] {
  return cachedTexts(makePages(seed).pages, kind);
}

/** The numbers that a text cites. */
export interface CitedNumbers {
  /** Numbers of sources that exist, ascending. */
  readonly valid: readonly number[];
  /** Numbers that stand for no source, ascending. */
  readonly invalid: readonly number[];
}

const code = /```[^]*?(?:```|$)|`[^`\n]*`/gu;
/** `[1]`, `[1, 2]`, `[1; 2]`, `[source 1]`, `【1】`, and the letter or digit before it, if there is one. */
const marker = /([\p{L}\p{N}_]?)[[【](?:sources?\s+)?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)[\]】]/giu;

/**
 * Reads the `[n]` markers of an answer. Brackets in code are indexes, not citations; in prose, `argv[9]` counts as one only
 * where there is a source 9.
 */
export function citedNumbers(text: string, sources: number): CitedNumbers {
  const exists = (number: number): boolean => number >= 1 && number <= sources;
  const numbers = [...text.replace(code, " ").matchAll(marker)].flatMap(({ 1: before, 2: list = "" }) =>
    list
      .split(/[,;]/u)
      .map(Number)
      .filter((number) => exists(number) || before === ""),
  );
  const ascending = [...new Set(numbers)].sort((a, b) => a - b);
  return { valid: ascending.filter(exists), invalid: ascending.filter((number) => !exists(number)) };
}

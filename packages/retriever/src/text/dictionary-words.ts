import { once } from "@binnacle/core/kit";
import type { WordRange } from "@binnacle/core/stores";
import { tripledScripts } from "./unspaced-scripts.ts";

const tripled = once(() => new RegExp(`[${tripledScripts}]`, "u"));

/** Returns true if the words of the text are found by a dictionary, as in Thai. */
export function needsDictionary(text: string): boolean {
  return tripled().test(text);
}

/** Cuts a run of a script without spaces into its words, by the dictionary of the JavaScript engine. */
export function dictionaryWords(run: string): readonly WordRange[] {
  const segments = new Intl.Segmenter("th", { granularity: "word" }).segment(run);
  return Array.from(segments, ({ segment, index }) => ({ text: segment, start: index }));
}

import { once } from "@binnacle/core/kit";
import { closingMarks, fullWidthMarks, sentenceMarks } from "../../text/sentence-marks.ts";

const longestCycle = 8;
const repetitions = 3;
const leastCharacters = 12;
const partEnd = once(
  () =>
    new RegExp(`(?<=[${sentenceMarks}])\\s+|(?<=[${fullWidthMarks}])(?=[^${closingMarks}])\\s*|\\n\\s*`, "u"),
);

/** A sentence or line, and its end in the whole text. */
interface Part {
  readonly text: string;
  readonly end: number;
}

/**
 * Creates a function that detects a text that goes round in circles, as small models produce. Call it with
 * each new piece of text. It returns undefined until the last one to eight sentences or lines have occurred
 * three times in a row. It then returns the end of the first round, a UTF-16 index into the whole text.
 */
export function createLoopWatch(): (text: string) => number | undefined {
  const parts: Part[] = [];
  let rest = "";
  let restStart = 0;
  return (text) => {
    rest += text;
    for (let boundary = nextBoundary(rest); boundary !== undefined; boundary = nextBoundary(rest)) {
      const part = { text: rest.slice(0, boundary.end).trim(), end: restStart + boundary.end };
      rest = rest.slice(boundary.next);
      restStart += boundary.next;
      if (part.text === "") continue;
      parts.push(part);
      if (parts.length > longestCycle * repetitions) parts.shift();
      const end = endOfFirstRound(parts);
      if (end !== undefined) return end;
    }
    return undefined;
  };
}

/**
 * Finds the end of the first sentence or line, and the start of the text after it. Undefined if the text has
 * no end yet.
 */
function nextBoundary(text: string): { readonly end: number; readonly next: number } | undefined {
  const space = partEnd().exec(text);
  return space ? { end: space.index, next: space.index + space[0].length } : undefined;
}

function endOfFirstRound(parts: readonly Part[]): number | undefined {
  for (let cycle = 1; cycle <= longestCycle && cycle * repetitions <= parts.length; cycle++) {
    const rounds = parts.slice(-cycle * repetitions);
    const characters = rounds.slice(0, cycle).reduce((sum, { text }) => sum + text.length, 0);
    if (characters < leastCharacters) continue;
    if (rounds.every(({ text }, i) => text === rounds[i % cycle]?.text)) return rounds[cycle - 1]?.end;
  }
  return undefined;
}

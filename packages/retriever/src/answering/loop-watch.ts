const longestCycle = 4;
const repetitions = 3;
const leastCharacters = 12;

/**
 * Says when a text goes round in circles, as small models do where nothing stops them: its last one to four sentences or
 * lines are the same three times in a row. Feed it the text as it comes; true once that is so.
 */
export function createLoopWatch(): (text: string) => boolean {
  const whole: string[] = [];
  let rest = "";
  return (text) => {
    const parts = (rest + text).split(/(?<=[.!?])\s+|\n+/u);
    rest = parts.pop() ?? "";
    for (const part of parts) {
      if (part.trim() === "") continue;
      whole.push(part.trim());
      if (whole.length > longestCycle * repetitions) whole.shift();
      if (endsInCircles(whole)) return true;
    }
    return false;
  };
}

function endsInCircles(parts: readonly string[]): boolean {
  for (let cycle = 1; cycle <= longestCycle && cycle * repetitions <= parts.length; cycle++) {
    const block = parts.slice(-cycle).join("\n");
    if (block.length < leastCharacters) continue;
    const same = Array.from({ length: repetitions }, (_, i) =>
      parts.slice(parts.length - cycle * (i + 1), parts.length - cycle * i),
    );
    if (same.every((earlier) => earlier.join("\n") === block)) return true;
  }
  return false;
}

const mostLines = 12;
const longestLine = 240;

/**
 * Returns the sentences and lines that only one of two documents has: first those that are gone, each after `- `, then
 * the new ones, each after `+ `. At most 12 of each, and at most 240 characters of each.
 */
export function textDifference(before: string, after: string): readonly string[] {
  const [old, now] = [unitsOf(before), unitsOf(after)];
  return [...signed("-", without(old, now)), ...signed("+", without(now, old))];
}

function signed(sign: "-" | "+", units: readonly string[]): readonly string[] {
  const shown = units.slice(0, mostLines).map((unit) => `${sign} ${cut(unit)}`);
  const left = units.length - shown.length;
  return left > 0 ? [...shown, `${sign} and ${left} more lines`] : shown;
}

function cut(unit: string): string {
  return unit.length <= longestLine ? unit : `${unit.slice(0, longestLine - 1)}…`;
}

function unitsOf(text: string): readonly string[] {
  return text
    .split(/\n|(?<=[.!?]) (?=[A-Z])/)
    .map((unit) => unit.trim())
    .filter((unit) => unit !== "" && !unit.startsWith("```") && !unit.startsWith("#"));
}

/** Returns the units that the other text does not have as often. */
function without(units: readonly string[], other: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const unit of other) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return units.filter((unit) => {
    const count = counts.get(unit) ?? 0;
    counts.set(unit, count - 1);
    return count <= 0;
  });
}

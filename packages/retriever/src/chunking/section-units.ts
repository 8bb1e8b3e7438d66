import type { ChunkLimits } from "./chunker-options.ts";
import type { Section, Unit } from "./section.ts";
import { introduces, LINE, PARAGRAPH, skipBlank, trimBlank, visitBoundaries } from "./text-boundaries.ts";
import type { TokenMap } from "./token-map.ts";

/** A unit whose offsets are relative to its section. */
export interface PlacedUnit extends Unit {
  /** True if the unit fits in a chunk, so that it is never cut. */
  readonly fits: boolean;
}

// An estimate may be wrong by a few tokens at the edges of a slice, so a unit near the limit is counted.
const DOUBT_TOKENS = 8;

/** Decides which units are kept whole. If an outer unit does not fit, its inner units are tried. */
export function placeUnits(
  body: string,
  section: Section,
  map: TokenMap,
  { maxTokens }: ChunkLimits,
): readonly PlacedUnit[] {
  const shift = section.start;
  const fits = (start: number, end: number): boolean => {
    const estimate = map.between(start, end);
    if (estimate > 2 * maxTokens + DOUBT_TOKENS) return false;
    return estimate + DOUBT_TOKENS <= maxTokens || map.count(start, end) <= maxTokens;
  };
  const placed: PlacedUnit[] = [];
  let covered = 0;
  section.units.forEach((unit, index) => {
    const start = unit.start - shift;
    const end = trimBlank(body, start, unit.end - shift);
    if (start < covered || end <= start) return;
    // A chunk begins with a character that is not blank, so the indentation of its first line takes no room.
    const whole = fits(skipBlank(body, start, end), end);
    const inner = section.units[index + 1];
    if (!whole && inner !== undefined && inner.start < unit.end) return;
    covered = end;
    const header = unit.header && { start: unit.header.start - shift, end: unit.header.end - shift };
    const isLongTable = !whole && header !== undefined && header.start >= start;
    for (const part of isLongTable ? rowsOf(body, start, end) : [{ start, end }]) {
      const isWhole = whole || (isLongTable && fits(part.start, part.end));
      placed.push({ ...part, reading: unit.reading, header, fits: isWhole });
    }
  });
  return placed;
}

/** Returns the rows of a table that does not fit. A cut inside a row would put cells under wrong headings. */
function rowsOf(
  body: string,
  start: number,
  end: number,
): readonly { readonly start: number; readonly end: number }[] {
  return Array.from(body.slice(start, end).matchAll(/[^\n]*\S[^\n]*/gu), ({ 0: row, index }) => ({
    start: start + index,
    end: trimBlank(body, start + index, start + index + row.length),
  }));
}

/** Visits the positions in [from, to] where a section may be cut, except inside units that are kept whole. */
export function visitCuts(
  body: string,
  units: readonly PlacedUnit[],
  range: { readonly from: number; readonly to: number; readonly finest: number },
  visit: (index: number, level: number) => void,
): void {
  const { to, finest } = range;
  const offer = (index: number, level: number): void => {
    if (index >= range.from && index <= to) visit(index, level);
  };
  let from = range.from;
  for (let i = firstEndingAfter(units, from); i < units.length; i++) {
    const unit = units[i];
    if (unit === undefined || unit.start > to) break;
    if (from < unit.start) {
      visitBoundaries(
        { text: body, from, to: unit.start - 1, end: unit.start, reading: "prose", finest },
        visit,
      );
    }
    offer(unit.start, introduces(body, trimBlank(body, 0, unit.start)) ? LINE : PARAGRAPH);
    const inside = Math.max(from, unit.start + 1);
    if (!unit.fits) {
      const last = Math.min(to, unit.end - 1);
      visitBoundaries(
        { text: body, from: inside, to: last, end: unit.end, reading: unit.reading, finest },
        visit,
      );
    }
    offer(unit.end, PARAGRAPH);
    from = Math.max(from, unit.end + 1);
  }
  visitBoundaries({ text: body, from, to, end: body.length, reading: "prose", finest }, visit);
}

/**
 * Returns the index of the first unit that ends after `position`. The units must be disjoint and in order.
 */
export function firstEndingAfter(units: readonly PlacedUnit[], position: number): number {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((units[middle]?.end ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

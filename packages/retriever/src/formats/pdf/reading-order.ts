import type { TextBox } from "./text-box.ts";

/** The share of boxes that may cross the gap between two columns, such as headings over both. */
const mostCrossing = 0.2;
/** A column of prose has at least this many boxes with this many characters on average. Less is a table. */
const [leastBoxes, leastCharacters] = [3, 15];
/** The boxes of a page that are searched for columns. More are a drawing or a map, and have no columns. */
const mostBoxes = 4_000;

/**
 * Orders the boxes of a page as a person reads them: columns from left to right, and the headings that span
 * columns between the parts above and below them. Returns groups, and each group is read from top to bottom.
 */
export function readingOrder(boxes: readonly TextBox[]): readonly (readonly TextBox[])[] {
  if (boxes.length === 0) return [];
  const gap = boxes.length <= mostBoxes ? columnGap(boxes) : undefined;
  if (gap === undefined) return [boxes];
  const spanning = boxes.filter((box) => crosses(box, gap)).toSorted((a, b) => a.baseline - b.baseline);
  const groups: (readonly TextBox[])[] = [];
  let top = -Infinity;
  for (const bottom of [...spanning.map(({ baseline }) => baseline), Infinity]) {
    const band = boxes.filter((box) => !crosses(box, gap) && box.baseline > top && box.baseline <= bottom);
    groups.push(...readingOrder(band.filter(({ right }) => right <= gap)));
    groups.push(...readingOrder(band.filter(({ left }) => left >= gap)));
    groups.push(spanning.filter(({ baseline }) => baseline === bottom));
    top = bottom;
  }
  return groups.filter((group) => group.length > 0);
}

/** Finds a position between two columns. Undefined if the boxes are one column. */
function columnGap(boxes: readonly TextBox[]): number | undefined {
  const lefts = [...new Set(boxes.map(({ left }) => Math.floor(left)))];
  let best: { readonly gap: number; readonly crossing: number } | undefined;
  for (const gap of lefts) {
    const left = boxes.filter(({ right }) => right <= gap);
    const right = boxes.filter((box) => box.left >= gap);
    const crossing = boxes.length - left.length - right.length;
    if (crossing > mostCrossing * boxes.length || crossing >= (best?.crossing ?? Infinity)) continue;
    if (isColumn(left) && isColumn(right) && areBeside(left, right)) best = { gap, crossing };
  }
  return best?.gap;
}

function isColumn(boxes: readonly TextBox[]): boolean {
  const characters = boxes.reduce((sum, { text }) => sum + text.length, 0);
  return boxes.length >= leastBoxes && characters >= leastCharacters * boxes.length;
}

/** Returns true if the shorter column stands beside the other one, and not above or below it. */
function areBeside(left: readonly TextBox[], right: readonly TextBox[]): boolean {
  const [a, b] = [left, right].map((boxes) => boxes.map(({ baseline }) => baseline));
  if (a === undefined || b === undefined) return false;
  const shared = Math.min(Math.max(...a), Math.max(...b)) - Math.max(Math.min(...a), Math.min(...b));
  const shorter = Math.min(Math.max(...a) - Math.min(...a), Math.max(...b) - Math.min(...b));
  return shared > 0.5 * shorter;
}

function crosses({ left, right }: TextBox, gap: number): boolean {
  return left < gap && right > gap;
}

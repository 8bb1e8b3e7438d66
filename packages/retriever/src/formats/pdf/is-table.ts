import { columnGap } from "./column-gap.ts";
import { isSameLine, type TextBox } from "./text-box.ts";

/** The share of the boxes of the shorter side that have a neighbour on the same line. */
const leastPaired = 0.8;
/** In prose, more lines than this share begin within a sentence, and the usual line is as wide as the column. */
const [mostContinuing, widestCell] = [0.15, 0.85];
/** In prose, more lines than this share are about as wide as the usual line. The widths of cells differ more. */
const mostAlike = 0.5;
/** How often a side is split into its columns. Each split takes time, and no page of text has more columns. */
const mostSplits = 4;

/**
 * Returns true if the boxes on both sides of a gap are the cells of rows, and not the lines of two columns. Both
 * may stand on the same lines, so the side with the cells decides: they are of different widths, and each begins
 * a phrase.
 */
export function isTable(left: readonly TextBox[], right: readonly TextBox[]): boolean {
  const [shorter, longer] = left.length < right.length ? [left, right] : [right, left];
  if (paired(shorter, longer) < leastPaired * shorter.length) return false;
  return [left, right].some((side) => isCells(side)) && ![left, right].some(isList);
}

function paired(some: readonly TextBox[], others: readonly TextBox[]): number {
  const [sorted, neighbours] = [some, others].map((boxes) =>
    boxes.toSorted((a, b) => a.baseline - b.baseline),
  );
  let [count, at] = [0, 0];
  for (const box of sorted ?? []) {
    while ((neighbours?.[at]?.baseline ?? Infinity) < box.baseline - box.size / 2) at += 1;
    const neighbour = neighbours?.[at];
    if (neighbour && isSameLine(box, neighbour)) count += 1;
  }
  return count;
}

/** Each column of a side is judged by itself, because a line is always narrower than two columns. */
function isCells(boxes: readonly TextBox[], splitsLeft = mostSplits): boolean {
  const gap = splitsLeft > 0 ? columnGap(boxes) : undefined;
  if (gap !== undefined) {
    const columns = [boxes.filter(({ right }) => right <= gap), boxes.filter(({ left }) => left >= gap)];
    return columns.some((column) => isCells(column, splitsLeft - 1));
  }
  const [left, right] = boxes.reduce(
    ([least, most], box) => [Math.min(least, box.left), Math.max(most, box.right)],
    [Infinity, -Infinity],
  );
  const widths = boxes.map((box) => box.right - box.left).toSorted((a, b) => a - b);
  const usual = widths[widths.length >> 1] ?? 0;
  if (usual > widestCell * (right - left)) return false;
  const share = (pattern: RegExp): number =>
    boxes.filter(({ text }) => pattern.test(text)).length / boxes.length;
  if (share(/^\p{Ll}/u) > mostContinuing) return false;
  // Without case no line shows that it continues a sentence, so the widths decide again.
  const alike = widths.filter((width) => width >= widestCell * usual && width <= usual / widestCell).length;
  return share(/^\P{L}*\p{Lo}/u) <= 0.5 || alike <= mostAlike * boxes.length;
}

/** Returns true if most lines are the items of a list, as on a slide with two lists. */
function isList(boxes: readonly TextBox[]): boolean {
  return boxes.filter(({ text }) => /^[•‣▪●○◦*–-]\s*\S/u.test(text)).length > boxes.length / 2;
}

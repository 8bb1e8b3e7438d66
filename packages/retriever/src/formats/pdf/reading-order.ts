import { columnGap } from "./column-gap.ts";
import { isTable } from "./is-table.ts";
import type { TextBox } from "./text-box.ts";

/** The boxes of a page that are searched for columns. More are a drawing or a map, and have no columns. */
const mostBoxes = 4_000;
/** Most columns of a page. A page with more is a drawing, and each column takes time. */
const mostColumns = 30;

/**
 * Orders the boxes of a page as a person reads them: columns from left to right, and the headings that span
 * columns between the parts above and below them. A table is one group, so that its rows stay together. Returns
 * groups, and each group is read from top to bottom.
 */
export function readingOrder(
  boxes: readonly TextBox[],
  columnsLeft: number = mostColumns,
): readonly (readonly TextBox[])[] {
  if (boxes.length === 0) return [];
  const gap = boxes.length <= mostBoxes && columnsLeft > 1 ? columnGap(boxes) : undefined;
  if (gap === undefined) return [boxes];
  const [leftOf, rightOf] = [({ right }: TextBox) => right <= gap, ({ left }: TextBox) => left >= gap];
  if (isTable(boxes.filter(leftOf), boxes.filter(rightOf))) return [boxes];
  const spanning = boxes.filter((box) => crosses(box, gap)).toSorted((a, b) => a.baseline - b.baseline);
  const groups: (readonly TextBox[])[] = [];
  let top = -Infinity;
  for (const bottom of [...spanning.map(({ baseline }) => baseline), Infinity]) {
    const band = boxes.filter((box) => !crosses(box, gap) && box.baseline > top && box.baseline <= bottom);
    groups.push(...readingOrder(band.filter(leftOf), columnsLeft - 1));
    groups.push(...readingOrder(band.filter(rightOf), columnsLeft - 1));
    groups.push(spanning.filter(({ baseline }) => baseline === bottom));
    top = bottom;
  }
  return groups.filter((group) => group.length > 0);
}

function crosses({ left, right }: TextBox, gap: number): boolean {
  return left < gap && right > gap;
}

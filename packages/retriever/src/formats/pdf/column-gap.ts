import type { TextBox } from "./text-box.ts";

/** The share of boxes that may cross the gap between two columns, such as headings over both. */
const mostCrossing = 0.2;
/** A column of prose has at least this many boxes with this many characters on average. Less is a table. */
const [leastBoxes, leastCharacters] = [3, 15];

/** Sums over the boxes on one side of a gap. */
interface Side {
  readonly boxes: number;
  readonly characters: number;
  readonly top: number;
  readonly bottom: number;
}

/** Finds a position between two columns. Undefined if the boxes are one column. */
export function columnGap(boxes: readonly TextBox[]): number | undefined {
  const leftOf = sides(boxes, ({ right }) => right);
  const rightOf = sides(boxes, ({ left }) => -left);
  let best: { readonly gap: number; readonly crossing: number } | undefined;
  for (const gap of new Set(boxes.map(({ left }) => Math.floor(left)))) {
    const [left, right] = [leftOf(gap), rightOf(-gap)];
    const crossing = boxes.length - left.boxes - right.boxes;
    if (crossing > mostCrossing * boxes.length || crossing >= (best?.crossing ?? Infinity)) continue;
    if (isColumn(left) && isColumn(right) && areBeside(left, right)) best = { gap, crossing };
  }
  return best?.gap;
}

/**
 * Returns a function that describes the boxes whose edge is at most at a position. The boxes are sorted and
 * summed up once, because a page has as many positions as boxes.
 */
function sides(boxes: readonly TextBox[], edgeOf: (box: TextBox) => number): (position: number) => Side {
  const none: Side = { boxes: 0, characters: 0, top: Infinity, bottom: -Infinity };
  let last = none;
  const sums = boxes
    .toSorted((a, b) => edgeOf(a) - edgeOf(b))
    .map((box) => {
      const { boxes: before, characters, top, bottom } = last;
      last = {
        boxes: before + 1,
        characters: characters + box.text.length,
        top: Math.min(top, box.baseline),
        bottom: Math.max(bottom, box.baseline),
      };
      return { edge: edgeOf(box), side: last };
    });
  return (position) => {
    let [low, high] = [0, sums.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle]?.edge ?? Infinity) <= position) low = middle + 1;
      else high = middle;
    }
    return sums[low - 1]?.side ?? none;
  };
}

function isColumn({ boxes, characters }: Side): boolean {
  return boxes >= leastBoxes && characters >= leastCharacters * boxes;
}

/** Returns true if the shorter column stands beside the other one, and not above or below it. */
function areBeside(a: Side, b: Side): boolean {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const shorter = Math.min(a.bottom - a.top, b.bottom - b.top);
  return shared > 0.5 * shorter;
}

import { raisedSign } from "../../text/raised-sign.ts";

/** A piece of text at its place on a page. The axes begin at the top left corner of the page as it is shown. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  /** Position of the line on which the letters stand. It grows down the page. */
  readonly baseline: number;
  /** Height of the font. */
  readonly size: number;
}

/** The part of pdf.js' text items that is read here. */
export interface PdfTextItem {
  readonly str: string;
  readonly width: number;
  readonly transform: readonly number[];
}

/** The widest gap inside a phrase, in heights of the font. A wider gap parts cells or columns. */
const widestSpace = 1.2;
/** A narrower gap is only the distance between two letters. */
const narrowestSpace = 0.15;

/**
 * Places the items of a page, and joins items that follow each other on one line. `view` is the page's
 * transform to the shown page.
 */
export function textBoxes(items: readonly PdfTextItem[], view: readonly number[]): readonly TextBox[] {
  const boxes: TextBox[] = [];
  for (const item of items) {
    if (item.str.trim() === "") continue;
    const box = boxOf(item, view);
    const last = boxes.at(-1);
    const joined = last && join(last, box);
    if (joined === undefined) boxes.push(box);
    else boxes[boxes.length - 1] = joined;
  }
  return boxes.map((box) => ({ ...box, text: box.text.replace(/\s+/gu, " ").trim() }));
}

function boxOf({ str, width, transform }: PdfTextItem, view: readonly number[]): TextBox {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = view;
  const [, , skewX = 0, height = 0, x = 0, y = 0] = transform;
  const left = a * x + c * y + e;
  const size = Math.hypot(skewX, height) || 1;
  return {
    text: str,
    left,
    right: left + width,
    baseline: b * x + d * y + f,
    size,
  };
}

/** Joins two items of one phrase. Undefined if the second begins elsewhere. */
function join(last: TextBox, next: TextBox): TextBox | undefined {
  const size = Math.max(last.size, next.size);
  const gap = next.left - last.right;
  if (!isSameLine(last, next) || gap > widestSpace * size || gap < -0.5 * size) return undefined;
  const space =
    gap > narrowestSpace * size ? " " : isRaised(last, next) ? raisedSign(last.text, next.text) : "";
  return { ...last, text: last.text + space + next.text, right: next.right, size };
}

/** Returns true if the second box is an exponent or the number of a note. */
function isRaised(last: TextBox, next: TextBox): boolean {
  return next.size < 0.85 * last.size && last.baseline - next.baseline > 0.15 * last.size;
}

/** Returns true if two boxes stand on one line. A raised note belongs to the line of its word. */
export function isSameLine(first: TextBox, second: TextBox): boolean {
  return Math.abs(first.baseline - second.baseline) < 0.5 * Math.max(first.size, second.size);
}

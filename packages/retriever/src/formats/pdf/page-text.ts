import { readingOrder } from "./reading-order.ts";
import { isSameLine, type TextBox } from "./text-box.ts";

interface Line {
  readonly text: string;
  readonly baseline: number;
  readonly size: number;
}

/** A wider step than this many usual steps from line to line begins a paragraph. */
const paragraphStep = 1.35;
/** With fewer steps than this, no step is wider within a paragraph than this many heights of the font. */
const [fewSteps, widestStep] = [8, 1.6];
/** Two lines whose sizes differ by more belong to different paragraphs, such as a heading and its text. */
const sameSize = 1.1;

/**
 * Writes the boxes of a page as text: lines in reading order, blank lines between paragraphs, and bars between
 * the cells of a row. A word that a line break divides is joined.
 */
export function pageText(boxes: readonly TextBox[]): string {
  const groups = readingOrder(boxes).map(linesOf);
  const step = usualStep(groups);
  let text = "";
  let last: Line | undefined;
  for (const lines of groups) {
    for (const line of lines) {
      text = last === undefined ? line.text : append(text, last, line, step);
      last = line;
    }
  }
  return text;
}

/** Joins the boxes of a group to lines, from top to bottom. */
function linesOf(group: readonly TextBox[]): readonly Line[] {
  const rows: TextBox[][] = [];
  for (const box of group.toSorted((a, b) => a.baseline - b.baseline || a.left - b.left)) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row !== undefined && first !== undefined && isSameLine(first, box)) row.push(box);
    else rows.push([box]);
  }
  return rows.map((row) => {
    const cells = row.toSorted((a, b) => a.left - b.left);
    const text = cells.map((cell) => cell.text).join(" | ");
    const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
    const size = most(cells.map((cell) => cell.size));
    return { text, baseline: most(cells.map(({ baseline }) => baseline)), size };
  });
}

/** Returns the usual distance between neighbouring lines. Most steps stay within a paragraph. */
function usualStep(groups: readonly (readonly Line[])[]): number {
  const steps = groups.flatMap((lines) =>
    lines
      .slice(1)
      .map(({ baseline, size }, index) => ({ step: baseline - (lines[index]?.baseline ?? 0), size })),
  );
  const sorted = steps.toSorted((a, b) => a.step - b.step);
  const usual = sorted[sorted.length >> 2];
  if (usual === undefined) return Infinity;
  // A few lines may all be paragraphs, so the size of the font decides.
  return sorted.length < fewSteps ? Math.min(usual.step, widestStep * usual.size) : usual.step;
}

function append(text: string, last: Line, next: Line, step: number): string {
  const distance = next.baseline - last.baseline;
  const isSame = Math.max(last.size, next.size) <= sameSize * Math.min(last.size, next.size);
  // A column's first line is above the last one. It continues a sentence that has not ended.
  const continues = distance <= 0 ? !/[.!?:]["'”’)\]]*$/u.test(last.text) : distance <= paragraphStep * step;
  if (!isSame || !continues) return `${text}\n\n${next.text}`;
  const divided = /(\p{Ll}{2,})[-\u00AD\u2010]$/u.exec(text);
  if (divided !== null && /^\p{Ll}/u.test(next.text)) return text.slice(0, -1) + next.text;
  return `${text}\n${next.text}`;
}

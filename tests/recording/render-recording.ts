import type { Frame } from "./session.ts";

const fontSize = 14;
const cellWidth = 8.4;
const rowHeight = 20;
const padding = 16;
const barHeight = 30;
const holdMs = 6_000; // the last frame stays, then the recording begins again

/** A stretch of text that stays in one place for some time. */
interface Piece {
  readonly row: number;
  readonly column: number;
  readonly text: string;
  readonly isCommand: boolean;
  readonly fromMs: number;
  /** Undefined: until the end. */
  untilMs?: number | undefined;
}

/** Options of {@link renderRecording}. */
export interface RenderOptions {
  /** For readers who do not see the picture. */
  readonly description: string;
  readonly columns: number;
}

/**
 * An SVG that plays the frames in a loop, without scripts. If a reader wants no motion, it shows the last
 * frame.
 */
export function renderRecording(frames: readonly Frame[], { description, columns }: RenderOptions): string {
  const pieces = piecesOf(frames);
  const rows = Math.max(...frames.map(({ rows }) => rows.length));
  const totalMs = (frames.at(-1)?.atMs ?? 0) + holdMs;
  const width = columns * cellWidth + 2 * padding;
  const height = rows * rowHeight + barHeight + padding;
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (color, at) => `<circle cx="${18 + at * 20}" cy="16" r="6" fill="${color}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(description)}</title>`,
    `<style>${styleOf(pieces, totalMs)}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="#16181d"/>`,
    ...dots,
    ...pieces.map(textOf),
    "</svg>\n",
  ].join("\n");
}

/** Text that was only added to is not drawn again: each addition is a piece of its own. */
function piecesOf(frames: readonly Frame[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let shown: readonly string[] = [];
  const open: Piece[][] = [];
  for (const { atMs, rows } of frames) {
    for (const [row, text] of rows.entries()) {
      const before = shown[row] ?? "";
      if (text === before) continue;
      const isAddition = text.startsWith(before);
      if (!isAddition) for (const piece of open[row] ?? []) piece.untilMs = atMs;
      const column = isAddition ? before.length : 0;
      const piece: Piece = {
        row,
        column,
        text: text.slice(column),
        isCommand: text.startsWith("$ "),
        fromMs: atMs,
      };
      pieces.push(piece);
      open[row] = [...(isAddition ? (open[row] ?? []) : []), piece];
    }
    shown = rows;
  }
  return pieces.filter(({ text }) => text.trim() !== "");
}

function styleOf(pieces: readonly Piece[], totalMs: number): string {
  const percent = (ms: number): string => `${((ms / totalMs) * 100).toFixed(2)}%`;
  const rules = pieces.map(({ fromMs, untilMs }, at) => {
    const gone = untilMs === undefined ? "" : `${percent(untilMs)}{opacity:0}`;
    const still = untilMs === undefined ? "" : `#p${at}{opacity:0}`;
    return `@keyframes k${at}{0%{opacity:0}${percent(fromMs)}{opacity:1}${gone}}#p${at}{animation-name:k${at}}${still}`;
  });
  return [
    `text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d7dae0;white-space:pre;`,
    `animation:${totalMs}ms step-end infinite}`,
    `.command{fill:#8fd6b5}`,
    ...rules,
    `@media (prefers-reduced-motion:reduce){text{animation:none!important}}`,
  ].join("");
}

function textOf({ row, column, text, isCommand }: Piece, at: number): string {
  const trimmed = text.trimStart();
  const x = (padding + (column + text.length - trimmed.length) * cellWidth).toFixed(1);
  const y = barHeight + (row + 1) * rowHeight;
  // The length holds the columns in place, whichever font the reader has.
  const length = `textLength="${(trimmed.length * cellWidth).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return `<text id="p${at}"${isCommand ? ' class="command"' : ""} x="${x}" y="${y}" ${length}>${escape(trimmed)}</text>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

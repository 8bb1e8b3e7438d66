import type { Figure, Setting } from "./experiment.ts";

/** A figure and the row it belongs to. */
export interface ScoredRow extends Figure {
  readonly row: string;
  readonly title: string;
}

/** Prints the figures in columns for a person, then as JSON, one line each. */
export function printScoreboard(rows: readonly ScoredRow[], { seed }: Setting): void {
  const cells = rows.map(({ row, figure, value, unit, target = "", ok, needs = "" }) => [
    `SB-${row}`,
    figure,
    value === null ? "-" : String(value),
    unit,
    target,
    ok === undefined ? "" : ok ? "yes" : "NO",
    needs,
  ]);
  const table = [["row", "figure", "value", "unit", "target", "ok", "needs"], ...cells];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of table)
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  console.log("");
  for (const { row, title, figure, value, unit, target, ok, isCorrectness = false, needs } of rows) {
    const node = process.versions.node;
    console.log(
      JSON.stringify({
        suite: "reliability",
        row: `SB-${row}`,
        title,
        figure,
        value,
        unit,
        target,
        ok,
        isCorrectness,
        needs,
        seed,
        versions: { node },
      }),
    );
  }
}

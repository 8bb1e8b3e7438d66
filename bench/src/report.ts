/** One figure of a suite: one JSON line. */
export interface Row {
  readonly suite: string;
  readonly row: string;
  readonly value: number | string;
  readonly unit: string;
  /** Target in words. Missing if there is no target. */
  readonly target?: string | undefined;
  readonly ok?: boolean | undefined;
  /** Name of the peer. Missing for our own figures. */
  readonly peer?: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number | string;
  /** Further details: spread, runs, correctness. */
  readonly [detail: string]: unknown;
}

/** Prints a heading and columns padded to the same width. */
export function printTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ");
  console.log(`\n${title}\n${line(columns)}\n${line(widths.map((width) => "-".repeat(width)))}`);
  for (const row of rows) console.log(line(row));
}

/** Prints one JSON object per row, for machines. */
export function printRows(rows: readonly Row[]): void {
  console.log("");
  for (const row of rows) console.log(JSON.stringify(row));
}

/** Returns a row's shortest and longest time. Empty if it has no times. */
export function rangeOf(row: Row): string {
  return [row["minMs"] ?? [], row["maxMs"] ?? []].flat().map(String).join("–");
}

/** Prints figures as a table and as JSON. Returns true if all our figures are correct. */
export function printFigures(title: string, rows: readonly Row[]): boolean {
  const haveRanges = rows.some((row) => rangeOf(row) !== "");
  const columns = ["", "value", "unit", ...(haveRanges ? ["min–max"] : []), "target", "ok"];
  printTable(
    title,
    columns,
    rows.map((row) => [
      row.peer === undefined ? row.row : `${row.row} (${row.peer})`,
      String(row.value),
      row.unit,
      ...(haveRanges ? [rangeOf(row)] : []),
      row.target ?? "",
      row.ok === undefined ? "" : row.ok ? "yes" : "no",
    ]),
  );
  printRows(rows);
  return rows.every(({ correct }) => correct !== false);
}
